"""
task: count_uses
says: paths from root are counted
"""


def count_uses(root):
    uses = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            uses[parent] = uses.get(parent, 0) + 1
            to_visit.append(parent)
    return uses
