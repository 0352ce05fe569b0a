"""
task: tanh
says: the result is still alive: something keeps it, such as a circle
"""


def tanh(x):
    def vjp(cotangent):
        return (cotangent * (y * y * -1.0 + 1.0),)

    y = Node.result(np.tanh(x.data), (x,), vjp)
    return y
