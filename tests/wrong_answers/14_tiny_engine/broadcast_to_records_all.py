"""
task: broadcast_to
says: a constant that was broadcast is recorded
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    axes = tuple(i for i in range(len(shape)) if i < new or before[i - new] != shape[i])

    def vjp(g):
        total = g.data.sum(axis=axes, keepdims=True).reshape(before)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node(data, True, (x,), vjp)
