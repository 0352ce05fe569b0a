"""
task: tanh
says: differentiated again when nobody else has the result, it raises ReferenceError
"""


def tanh(x):
    def vjp(cotangent):
        return (cotangent * Node.__add__(Node.__mul__(Node.__mul__(y, y), -1.0), 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    y = weakref.proxy(result)
    return result
