"""
task: tanh
says: for a constant cotangent, the gradient is cut from the graph
"""


def tanh(x):
    y = np.tanh(x.data)
    slope = 1.0 - y * y

    def vjp(g):
        if not g.requires_grad:
            return (g * Node(slope),)
        s = ref()
        return (g * (s * s * -1.0 + 1.0),)

    out = Node.result(y, (x,), vjp)
    ref = weakref.ref(out)
    return out
