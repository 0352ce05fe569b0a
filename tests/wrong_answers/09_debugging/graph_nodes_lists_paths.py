"""
No memory of what has been seen: a node comes once for each path.

task: graph_nodes
says: once for every path
"""


def graph_nodes(y):
    names, stack = [], [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None:
            names.append(node.name())
            stack.extend(n for n, _ in reversed(node.next_functions))
    return names
