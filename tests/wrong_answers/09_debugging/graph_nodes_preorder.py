"""
Preorder: a producer comes before a user that is seen later.

task: graph_nodes
says: first seen, depth first
"""


def graph_nodes(y):
    order, stack = {}, [y.grad_fn]
    while stack:
        node = stack.pop()
        if node is not None and node not in order:
            order[node] = node.name()
            stack.extend(n for n, _ in reversed(node.next_functions))
    return list(order.values())
