"""
task: count_uses
way: breadth first, over a list that grows while it is gone through
"""


def count_uses(root):
    nodes, uses = [root], {root: 0}
    for node in nodes:
        for parent in node.parents:
            if uses.setdefault(parent, 0) == 0:
                nodes.append(parent)
            uses[parent] = uses[parent] + 1
    return uses
