"""
task: tanh
says: x is still alive: something keeps it, such as a circle
"""


def tanh(x):
    values = np.tanh(x.data)

    def vjp(cotangent):
        y = Node.result(values, (x,), vjp)
        return (cotangent * (y * y * -1.0 + 1.0),)

    return Node.result(values, (x,), vjp)
