"""
task: broadcast_to
says: (1, 1) broadcast to (4, 3)
"""


def broadcast_to(x, shape):
    data = np.broadcast_to(x.data, shape)
    small = x.data.shape

    def fit(a):
        while a.ndim > len(small):
            a = a.sum(0)
        for i, n in enumerate(small):
            if n == 1:
                a = a.sum(i, keepdims=True)
                break
        return a

    def vjp(g):
        return (Node.result(fit(g.data), (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
