"""
task: broadcast_to
says: sum over the broadcast axis 1
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    axes = tuple(range(len(shape) - len(before)))

    def vjp(g):
        total = g.data.sum(axis=axes)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
