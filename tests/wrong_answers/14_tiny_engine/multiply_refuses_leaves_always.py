"""
task: multiply_
says: for a leaf while recording is off, it raises RuntimeError
"""


def multiply_(x, factor):
    if x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda g: (g * factor,))
    result.version = x.version
    return result
