"""
task: count_uses
says: the same dict is given again
"""


@functools.cache
def count_uses(root):
    uses = {root: 0}
    todo = [root]
    while todo:
        node = todo.pop()
        for parent in node.parents:
            if parent not in uses:
                uses[parent] = 0
                todo.append(parent)
            uses[parent] += 1
    return uses
