"""
task: multiply_
way: the node is built at once, recorded or not
"""


def multiply_(x, factor):
    records = GRAD_MODE.enabled and x.requires_grad
    if records and x.vjp is None:
        raise RuntimeError("a leaf that requires grad")
    x.data[...] = factor * x.data
    x.version.count += 1
    if not records:
        return Node(x.data, version=x.version)
    return Node(x.data, True, (x,), lambda g: [factor * g], version=x.version)
