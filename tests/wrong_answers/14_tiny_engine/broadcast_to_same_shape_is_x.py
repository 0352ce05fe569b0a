"""
task: broadcast_to
says: (4, 1) broadcast to (4, 1) gives x itself
"""


def broadcast_to(x, shape):
    if x.data.shape == shape:
        return x

    def sum_to(g):
        new = g.data.ndim - x.data.ndim
        axes = tuple(range(new)) + tuple(i + new for i, n in enumerate(x.data.shape) if n == 1)
        data = g.data.sum(axis=axes).reshape(x.data.shape)
        return Node.result(data, (g,), lambda h: (broadcast_to(h, shape),))

    return Node.result(np.broadcast_to(x.data, shape), (x,), lambda g: (sum_to(g),))
