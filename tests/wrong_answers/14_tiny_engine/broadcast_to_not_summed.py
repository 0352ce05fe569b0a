"""
task: broadcast_to
says: sum over the broadcast axis
"""


def broadcast_to(x, shape):
    data = np.broadcast_to(x.data, shape)
    return Node.result(data, (x,), lambda g: (Node.result(g.data, (g,), lambda h: (h,)),))
