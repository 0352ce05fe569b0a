"""
task: count_uses
says: lacks the key
"""


def count_uses(root):
    uses = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if not hasattr(parent, "seen"):
                parent.seen = True
                uses[parent] = 0
                to_visit.append(parent)
            if parent in uses:
                uses[parent] += 1
    return uses
