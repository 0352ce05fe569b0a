"""
task: tanh
says: the slope is taken at the output
"""


def tanh(x):
    def vjp(cotangent):
        y = tanh(output())
        return (cotangent * (y * y * -1.0 + 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result
