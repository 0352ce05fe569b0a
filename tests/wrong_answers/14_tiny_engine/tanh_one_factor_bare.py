"""
task: tanh
says: one factor of y·y is an array, and so a constant
"""


def tanh(x):
    def vjp(cotangent):
        y = output()
        return (cotangent * (y * Node(y.data) * -1.0 + 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result
