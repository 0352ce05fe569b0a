"""
task: broadcast_to
says: has the Version of x
"""


def broadcast_to(x: Node, shape: tuple[int, ...]) -> Node:
    before = x.data.shape
    new = len(shape) - len(before)
    data = np.broadcast_to(x.data, shape).copy()
    stretched = tuple(i for i, size in enumerate(shape) if i < new or size != before[i - new])

    def vjp(cotangent):
        total = cotangent.data.sum(axis=stretched).reshape(before)
        return (Node.result(total, (cotangent,), lambda g: (broadcast_to(g, shape),)),)

    result = Node.result(data, (x,), vjp)
    result.version = x.version
    return result
