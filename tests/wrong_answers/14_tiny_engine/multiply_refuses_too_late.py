"""
task: multiply_
says: the leaf after the error
"""


def multiply_(x, factor):
    x.data *= factor
    x.version.count += 1
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    result = Node.result(x.data, (x,), lambda g: (g * factor,))
    result.version = x.version
    return result
