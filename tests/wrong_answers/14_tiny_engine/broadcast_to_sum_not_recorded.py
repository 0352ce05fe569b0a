"""
task: broadcast_to
says: the gradient for x is not recorded
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    axes = tuple(i for i in range(len(shape)) if i < new or before[i - new] != shape[i])
    return Node.result(
        data, (x,), lambda g: (Node(g.data.sum(axis=axes, keepdims=True).reshape(before)),)
    )
