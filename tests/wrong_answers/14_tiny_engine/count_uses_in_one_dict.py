"""
task: count_uses
says: emptied: a new one is due
"""


def count_uses(root: Node, uses={}) -> dict[Node, int]:
    uses.clear()
    uses[root] = 0
    todo = [root]
    while todo:
        for p in todo.pop().parents:
            if p not in uses:
                uses[p] = 0
                todo.append(p)
            uses[p] += 1
    return uses
