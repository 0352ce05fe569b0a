"""
task: tanh
says: the result is still alive: something keeps it, such as a circle
"""


def tanh(x):
    y = Node.result(np.tanh(x.data), (x,), None)
    if y.requires_grad:
        y.vjp = functools.partial(lambda y, g: (g * (y * y * -1.0 + 1.0),), y)
    return y
