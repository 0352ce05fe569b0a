"""
task: broadcast_to
says: (1, 3) is to be broadcast to (3,); nothing was raised
"""


def broadcast_to(x: Node, shape: tuple[int, ...]) -> Node:
    data = np.empty(shape)
    data[...] = x.data
    narrow = x.data.shape

    def vjp(g: Node) -> tuple[Node]:
        total = g.data
        while total.ndim > len(narrow):
            total = np.asarray(total.sum(axis=0))
        axes = tuple(i for i, n in enumerate(narrow) if i < total.ndim and n == 1)
        total = total.sum(axis=axes, keepdims=True).reshape(narrow)
        return (Node.result(total, (g,), lambda h: (broadcast_to(h, shape),)),)

    return Node.result(data, (x,), vjp)
