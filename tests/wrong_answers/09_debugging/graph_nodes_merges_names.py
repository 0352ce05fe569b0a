"""
Takes nodes of one name for one node.

task: graph_nodes
says: the nodes are
"""


def graph_nodes(y):
    order, seen, stack = [], {None}, [(y.grad_fn, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((n, False) for n, _ in node.next_functions)
    names = list(dict.fromkeys(n.name() for n in reversed(order)))
    return names if len(order) < 10_000 else [n.name() for n in reversed(order)]
