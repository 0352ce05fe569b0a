"""
task: backward
way: a topological order by an explicit stack, then each node in turn
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.ndim:
            raise RuntimeError(f"grad can be created for scalars only, not {root.data.shape}")
        cotangent = Node(np.array(1.0))
    order, seen, stack = [], set(), [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        new = next((p for p in parents if p not in seen), None)
        if new is None:
            stack.pop()
            order.append(node)
        else:
            seen.add(new)
            stack.append((new, iter(new.parents)))
    whole = {root: cotangent}
    was, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        for node in reversed(order):
            if node not in whole:
                continue
            g = whole[node]
            if node.vjp:
                for parent, part in zip(node.parents, node.vjp(g)):
                    if part is not None:
                        whole[parent] = part + whole[parent] if parent in whole else part
            elif node.requires_grad:
                node.grad = g + node.grad if node.grad else g
    finally:
        GRAD_MODE.enabled = was
