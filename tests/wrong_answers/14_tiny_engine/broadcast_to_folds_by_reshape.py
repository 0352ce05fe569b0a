"""
task: broadcast_to
says: the axes are folded into one by reshape
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)

    def vjp(g):
        total = g.data.reshape(-1, *before).sum(0)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
