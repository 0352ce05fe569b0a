"""
task: multiply_
says: the factor is missing in the vjp
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda g: (g,))
    result.version = x.version
    return result
