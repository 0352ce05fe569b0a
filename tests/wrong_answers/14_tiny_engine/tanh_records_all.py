"""
task: tanh
says: tanh of a constant is recorded
"""


def tanh(x):
    def vjp(cotangent):
        y = output()
        return (cotangent * (y * y * -1.0 + 1.0),)

    result = Node(np.tanh(x.data), True, (x,), vjp)
    output = weakref.ref(result)
    return result
