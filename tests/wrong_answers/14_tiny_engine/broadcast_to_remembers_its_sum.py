"""
task: broadcast_to
says: from another cotangent
"""


def broadcast_to(x, shape):
    before = x.data.shape
    data = np.broadcast_to(x.data, shape)
    new = len(shape) - len(before)
    stretched = tuple(i for i, size in enumerate(shape) if i < new or size != before[i - new])
    known = []

    def vjp(cotangent):
        if not known:
            total = cotangent.data.sum(axis=stretched).reshape(before)
            known.append(Node.result(total, (cotangent,), lambda g: (broadcast_to(g, shape),)))
        return (known[0],)

    return Node.result(data, (x,), vjp)
