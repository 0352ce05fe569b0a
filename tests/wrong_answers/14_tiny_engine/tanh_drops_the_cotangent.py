"""
task: tanh
says: the cotangent is dropped
"""


def tanh(x):
    def vjp(cotangent):
        y = output()
        return (y * y * -1.0 + 1.0,)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result
