"""
task: multiply_
says: for a constant, it raises RuntimeError
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.vjp is None:
        raise RuntimeError("a leaf cannot be changed")
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda g: (g * factor,))
    result.version = x.version
    return result
