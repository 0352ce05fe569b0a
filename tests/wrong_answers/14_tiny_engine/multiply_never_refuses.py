"""
task: multiply_
says: RuntimeError is due when x is a leaf that requires grad; nothing was raised
"""


def multiply_(x, factor):
    x.data *= factor
    x.version.count += 1
    result = Node.result(x.data, (x,), lambda g: (g * factor,))
    result.version = x.version
    return result
