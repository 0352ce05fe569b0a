"""
task: multiply_
says: while recording is on, it raises RuntimeError
"""


def multiply_(x, factor):
    if GRAD_MODE.enabled and x.requires_grad:
        raise RuntimeError("it requires grad")
    x.data *= factor
    x.version.count += 1
    return Node(x.data, version=x.version)
