"""
task: count_uses
says: the node has other attributes than before
"""


def count_uses(root):
    uses = {root: 0}
    root._seen = True
    todo = [root]
    while todo:
        node = todo.pop()
        for parent in node.parents:
            if parent not in uses:
                uses[parent] = 0
                parent._seen = True
                todo.append(parent)
            uses[parent] += 1
    return uses
