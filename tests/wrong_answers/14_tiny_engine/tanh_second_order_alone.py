"""
task: tanh
says: the third derivative
"""


def tanh(x):
    values = np.tanh(x.data)

    def vjp(cotangent):
        y = Node.result(values, (x,), lambda g: (g * Node(1 - values**2),))
        return (cotangent * (y * y * -1.0 + 1.0),)

    return Node.result(values, (x,), vjp)
