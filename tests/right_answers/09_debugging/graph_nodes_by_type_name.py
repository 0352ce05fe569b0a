"""
task: graph_nodes
way: iterators on a stack, in postorder; the type's name, without a namespace; a tuple
"""


def graph_nodes(y):
    order, seen = [], set()

    def inner(node):
        return iter([n for n, _ in node.next_functions if n is not None])

    if y.grad_fn is None:
        return order
    seen.add(y.grad_fn)
    stack = [(y.grad_fn, inner(y.grad_fn))]
    while stack:
        node, rest = stack[-1]
        for producer in rest:
            if producer not in seen:
                seen.add(producer)
                stack.append((producer, inner(producer)))
                break
        else:
            stack.pop()
            order.append(type(node).__name__)
    return order[::-1]
