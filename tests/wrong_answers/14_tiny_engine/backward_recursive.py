"""
task: backward
says: for a long graph, it raises RecursionError
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a root of shape {root.data.shape} needs a cotangent")
        cotangent = Node(1.0)
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(root)
    arrived = {root: cotangent}
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        for node in reversed(order):
            whole = arrived.pop(node, None)
            if whole is None:
                continue
            if node.vjp is None:
                if node.requires_grad:
                    node.grad = whole if node.grad is None else node.grad + whole
                continue
            for parent, part in zip(node.parents, node.vjp(whole)):
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
    finally:
        GRAD_MODE.enabled = found
