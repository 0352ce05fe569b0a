"""
Takes for granted that there is a grad_fn.

task: graph_nodes
says: 'NoneType' object has no attribute
"""


def graph_nodes(y):
    order, seen, stack = [], set(), [(y.grad_fn, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((n, False) for n, _ in node.next_functions if n is not None)
    return [n.name() for n in reversed(order)]
