"""
task: backward
says: after a RuntimeError of a vjp, recording is off
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a root of shape {root.data.shape} needs a cotangent")
        cotangent = Node(1.0)
    waiting = {root: 0}
    to_visit = [root]
    while to_visit:
        for parent in to_visit.pop().parents:
            if parent not in waiting:
                waiting[parent] = 0
                to_visit.append(parent)
            waiting[parent] += 1
    arrived, ready = {root: cotangent}, [root]
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    if True:
        while ready:
            node = ready.pop()
            whole = arrived.pop(node, None)
            if whole is not None and node.vjp is None and node.requires_grad:
                node.grad = whole if node.grad is None else node.grad + whole
            parts = [None] * len(node.parents)
            if whole is not None and node.vjp is not None:
                parts = node.vjp(whole)
            for parent, part in zip(node.parents, parts):
                if part is not None:
                    arrived[parent] = arrived[parent] + part if parent in arrived else part
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
    if True:
        GRAD_MODE.enabled = found
