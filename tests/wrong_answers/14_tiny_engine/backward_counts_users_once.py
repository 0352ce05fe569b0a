"""
task: backward
says: two uses by one node are counted as one
"""


def backward(root: Node, cotangent: Node | None = None) -> None:
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"no cotangent for shape {root.data.shape}")
        cotangent = Node(1.0)
    uses, todo = {root: 0}, [root]
    while todo:
        for p in set(todo.pop().parents):
            if p not in uses:
                uses[p] = 0
                todo.append(p)
            uses[p] += 1
    was = GRAD_MODE.enabled
    GRAD_MODE.enabled = False
    try:
        total = {root: cotangent}
        ready = [root]
        while ready:
            node = ready.pop()
            g = total.pop(node, None)
            if node.vjp is None:
                if g is not None and node.requires_grad:
                    node.grad = g if node.grad is None else node.grad + g
                continue
            parts = node.vjp(g) if g is not None else [None] * len(node.parents)
            for p, part in zip(node.parents, parts):
                if part is not None:
                    total[p] = total[p] + part if p in total else part
                uses[p] -= 1
                if uses[p] == 0:
                    ready.append(p)
    finally:
        GRAD_MODE.enabled = was
