"""
task: count_uses
says: lacks the key 'root'
"""


def count_uses(root):
    uses = {}
    seen = {root}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in seen:
                seen.add(parent)
                to_visit.append(parent)
            uses[parent] = uses.get(parent, 0) + 1
    return uses
