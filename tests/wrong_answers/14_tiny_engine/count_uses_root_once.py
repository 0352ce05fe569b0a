"""
task: count_uses
says: root is counted too
"""


def count_uses(root):
    uses = {}
    to_visit = [root]
    uses[root] = 1
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                to_visit.append(parent)
            uses[parent] += 1
    return uses
