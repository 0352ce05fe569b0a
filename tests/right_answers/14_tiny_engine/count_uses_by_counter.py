"""
task: count_uses
way: first all nodes, then a Counter over all parents
"""

from collections import Counter


def count_uses(root):
    nodes = {root: None}
    frontier = [root]
    while frontier:
        frontier = [p for node in frontier for p in node.parents]
        frontier = [p for p in dict.fromkeys(frontier) if p not in nodes]
        nodes.update(dict.fromkeys(frontier))
    counts = Counter(parent for node in nodes for parent in node.parents)
    return {node: counts[node] for node in nodes}
