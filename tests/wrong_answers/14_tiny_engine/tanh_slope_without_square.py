"""
task: tanh
says: the slope is 1 − y: it is 1 − y²
"""


def tanh(x):
    def vjp(cotangent):
        return (cotangent * (output() * -1.0 + 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result
