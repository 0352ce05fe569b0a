"""
task: count_uses
says: paths from root, and root once, are counted
"""


def count_uses(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack += [(node, True), *((parent, False) for parent in node.parents)]
    uses = dict.fromkeys(reversed(order), 0)
    uses[root] = 1
    for node in reversed(order):
        for parent in node.parents:
            uses[parent] += uses[node]
    return uses
