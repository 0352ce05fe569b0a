"""
task: tanh
says: the vjp computes np.tanh again
"""


def tanh(x):
    def vjp(cotangent):
        y = tanh(x)
        return (cotangent * (y * y * -1.0 + 1.0),)

    return Node.result(np.tanh(x.data), (x,), vjp)
