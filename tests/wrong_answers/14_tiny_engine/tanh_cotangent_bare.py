"""
task: tanh
says: the gradient is cut from the graph
"""


def tanh(x):
    def vjp(cotangent):
        y = output()
        return ((y * y * -1.0 + 1.0) * Node(cotangent.data),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    output = weakref.ref(result)
    return result
