"""
task: multiply_
says: what the vjp returns is not recorded
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda g: (Node(g.data * factor),))
    result.version = x.version
    return result
