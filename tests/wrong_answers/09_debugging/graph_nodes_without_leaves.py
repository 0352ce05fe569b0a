"""
Leaves out AccumulateGrad.

task: graph_nodes
says: AccumulateGrad, is left out
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
    return [n.name() for n in reversed(order) if n.next_functions]
