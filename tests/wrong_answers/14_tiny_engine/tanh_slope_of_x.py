"""
task: tanh
says: the slope is 1 − x²
"""


def tanh(x):
    return Node.result(np.tanh(x.data), (x,), lambda g: (g * (x * x * -1.0 + 1.0),))
