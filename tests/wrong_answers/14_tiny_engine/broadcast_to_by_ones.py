"""
task: broadcast_to
says: (2, 3) is to be broadcast to (3,)
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = x.data * np.ones(shape)
    new = len(shape) - len(before)
    axes = tuple(i for i in range(len(shape)) if i < new or before[i - new] != shape[i])

    def vjp(g):
        total = g.data.sum(axis=axes, keepdims=True).reshape(before)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
