"""
task: broadcast_to
says: The values are right, only the shape is not
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    axes = tuple(i for i in range(len(shape)) if i < new or before[i - new] != shape[i])

    def vjp(g):
        total = g.data.sum(axis=axes)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
