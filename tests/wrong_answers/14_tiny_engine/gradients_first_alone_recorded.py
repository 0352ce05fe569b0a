"""
task: gradients
says: of the gradients for two inputs not all are recorded
"""


def _order(root):
    """Nodes, each before those that it was computed from."""
    done, order, stack = set(), [], [(root, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            stack.extend((p, False) for p in node.parents if p not in done)
    return order[::-1]


def gradients(
    root: Node, inputs: Sequence[Node], cotangent: Node, *, create_graph: bool = False
) -> list[Node | None]:
    wanted = set(inputs)
    order = _order(root)
    needed = set()
    for node in reversed(order):
        if any(p in wanted or p in needed for p in node.parents):
            needed.add(node)
    was = GRAD_MODE.enabled
    GRAD_MODE.enabled = create_graph
    try:
        total = {root: cotangent}
        for node in order:
            g = total.get(node)
            if g is None or node not in needed:
                continue
            for p, part in zip(node.parents, node.vjp(g)):
                if part is not None and (p in wanted or p in needed):
                    total[p] = total[p] + part if p in total else part
    finally:
        GRAD_MODE.enabled = was
    return [
        total.get(x) if i == 0 or x is root or x not in total else Node(total[x].data)
        for i, x in enumerate(inputs)
    ]
