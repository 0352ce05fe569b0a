"""
task: gradients
says: but does not lead to the cotangent
"""


def gradients(root, inputs, cotangent, *, create_graph=False):
    order, seen, todo = [], {root}, [(root, iter(root.parents))]
    while todo:
        node, rest = todo[-1]
        parent = next(rest, None)
        if parent is None:
            todo.pop()
            order.append(node)
        elif parent not in seen:
            seen.add(parent)
            todo.append((parent, iter(parent.parents)))
    wanted = set(inputs)
    on_the_way = set()
    for node in order:
        if any(p in wanted or p in on_the_way for p in node.parents):
            on_the_way.add(node)
    arrived = {root: Node(cotangent.data)}
    before, GRAD_MODE.enabled = GRAD_MODE.enabled, create_graph
    try:
        for node in reversed(order):
            total = arrived.get(node)
            if total is None or node.vjp is None or node not in on_the_way:
                continue
            for parent, part in zip(node.parents, node.vjp(total)):
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
    finally:
        GRAD_MODE.enabled = before
    return [arrived.get(node) for node in inputs]
