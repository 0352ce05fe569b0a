"""
task: backward
says: the vjp of a node on several ways was called
"""


def backward(root, cotangent=None):
    if cotangent is None:
        if root.data.shape != ():
            raise RuntimeError(f"a root of shape {root.data.shape} needs a cotangent")
        cotangent = Node(1.0)
    found, GRAD_MODE.enabled = GRAD_MODE.enabled, False
    try:
        level = {root: cotangent}
        while level:
            following = {}
            for node, whole in level.items():
                if node.vjp is None:
                    if node.requires_grad:
                        node.grad = whole if node.grad is None else node.grad + whole
                    continue
                for parent, part in zip(node.parents, node.vjp(whole)):
                    if part is not None:
                        before = following.get(parent)
                        following[parent] = part if before is None else before + part
            level = following
    finally:
        GRAD_MODE.enabled = found
