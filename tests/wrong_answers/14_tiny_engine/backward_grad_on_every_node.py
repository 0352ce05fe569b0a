"""
task: backward
says: .grad of a node that is no leaf is written
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a root of shape {root.data.shape} needs a cotangent")
        cotangent = Node(1.0)
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack += [(node, True), *((parent, False) for parent in node.parents)]
    root.grad = cotangent
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        for node in reversed(order):
            if node.vjp is not None and node.grad is not None:
                for parent, part in zip(node.parents, node.vjp(node.grad)):
                    if part is not None and parent.requires_grad:
                        parent.grad = part if parent.grad is None else parent.grad + part
    finally:
        GRAD_MODE.enabled = found
