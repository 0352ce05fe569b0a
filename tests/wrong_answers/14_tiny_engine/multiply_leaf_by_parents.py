"""
task: multiply_
says: for a node with a vjp and without parents, which is no leaf, it raises RuntimeError
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and not x.parents:
        raise RuntimeError("a leaf that requires grad is being changed in place")
    x.data *= factor
    x.version.count += 1
    out = Node.result(x.data, (x,), lambda g: (g * factor,))
    out.version = x.version
    return out
