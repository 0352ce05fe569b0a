"""
task: tanh
says: tanh of a leaf has the Version of x
"""


def tanh(x: Node) -> Node:
    def vjp(cotangent):
        y = output()
        return (cotangent * (y * y * -1.0 + 1.0),)

    result = Node.result(np.tanh(x.data), (x,), vjp)
    result.version = x.version
    output = weakref.ref(result)
    return result
