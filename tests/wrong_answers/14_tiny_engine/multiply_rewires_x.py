"""
task: multiply_
says: x's own vjp has the factor too
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version.count += 1
    before = x.vjp
    if before is not None:
        x.vjp = lambda g: before(g * factor)
    result = Node.result(x.data, (x,), lambda g: (g,))
    result.version = x.version
    return result
