"""
task: tanh
says: the gradient is cut from the graph
"""


def tanh(x):
    values = np.tanh(x.data)
    return Node.result(values, (x,), lambda cotangent: (cotangent * Node(1 - values**2),))
