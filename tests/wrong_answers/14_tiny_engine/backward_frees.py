"""
task: backward
says: the first call changes nodes of the graph
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a cotangent is due: root has shape {root.data.shape}")
        cotangent = Node(1.0)

    def freed(cotangent):
        raise RuntimeError("backward a second time")

    uses, to_visit = {root: 0}, [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                to_visit.append(parent)
            uses[parent] += 1
    arrived = {root: cotangent}
    ready = [root]
    before, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        while ready:
            node = ready.pop()
            total = arrived.pop(node, None)
            parts = [None] * len(node.parents)
            if total is not None:
                if node.vjp is not None:
                    parts = node.vjp(total)
                elif node.requires_grad:
                    node.grad = total if node.grad is None else node.grad + total
            for parent, part in zip(node.parents, parts):
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
                uses[parent] -= 1
                if not uses[parent]:
                    ready.append(parent)
        for node in uses:
            if node.vjp is not None:
                node.parents, node.vjp = (), freed
    finally:
        GRAD_MODE.enabled = before
