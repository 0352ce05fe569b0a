"""
task: multiply_
says: the result is not recorded
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version.count += 1
    return Node(x.data, version=x.version)
