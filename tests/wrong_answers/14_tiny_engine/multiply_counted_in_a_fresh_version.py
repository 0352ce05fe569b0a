"""
task: multiply_
says: the count that another node of the array has, 4 before
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version = Version(x.version.count + 1)
    result = Node.result(x.data, (x,), lambda g: (g * factor,))
    result.version = x.version
    return result
