"""
task: broadcast_to
says: sum over the broadcast axis 0
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    axes = tuple(i + new for i, size in enumerate(before) if size != shape[i + new])

    def vjp(g):
        total = g.data.sum(axis=axes, keepdims=True)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
