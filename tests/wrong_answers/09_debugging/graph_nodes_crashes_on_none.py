"""
Takes every entry of next_functions for a node.

task: graph_nodes
says: next_functions hold None
says: AttributeError
"""


def graph_nodes(y):
    order, seen = [], set()
    if y.grad_fn is None:
        return []
    stack = [(y.grad_fn, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((n, False) for n, _ in node.next_functions)
    return [n.name() for n in reversed(order)]
