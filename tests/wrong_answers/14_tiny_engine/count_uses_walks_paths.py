"""
task: count_uses
says: the walk takes each path
"""


def count_uses(root):
    users = {root: set()}
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        for place, parent in enumerate(node.parents):
            users.setdefault(parent, set()).add((node, place))
            to_visit.append(parent)
    return {node: len(uses) for node, uses in users.items()}
