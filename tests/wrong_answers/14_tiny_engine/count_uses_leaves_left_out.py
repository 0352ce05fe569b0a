"""
task: count_uses
says: lacks the key
"""


def count_uses(root):
    uses = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent.vjp is None:
                continue
            if parent not in uses:
                uses[parent] = 0
                to_visit.append(parent)
            uses[parent] += 1
    return uses
