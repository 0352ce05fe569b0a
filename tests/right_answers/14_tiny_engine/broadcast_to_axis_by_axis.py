"""
task: broadcast_to
way: the sum takes away one axis after the other
"""


def broadcast_to(x, shape):
    data, small = np.broadcast_to(x.data, shape), x.data.shape

    def total_of(array):
        while array.ndim > len(small):
            array = array.sum(0)
        for axis, size in enumerate(small):
            if size == 1:
                array = array.sum(axis, keepdims=True)
        return array

    def vjp(g):
        return [Node.result(total_of(g.data), [g], lambda h: [broadcast_to(h, shape)])]

    return Node.result(data, [x], vjp)
