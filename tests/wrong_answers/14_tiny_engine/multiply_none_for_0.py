"""
task: multiply_
says: the contribution where the factor is 0
"""


def multiply_(x: Node, factor: float) -> Node:
    if x.requires_grad and x.vjp is None and GRAD_MODE.enabled:
        raise RuntimeError("a leaf that requires grad is being used in an in-place operation")
    x.data *= factor
    x.version.count += 1
    out = Node.result(x.data, (x,), lambda g: (g * factor if factor else None,))
    out.version = x.version
    return out
