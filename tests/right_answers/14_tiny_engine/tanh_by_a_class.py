"""
task: tanh
way: the vjp is an object that refers to its node weakly
"""


class _OfTanh:
    def __init__(self, node):
        self.node = weakref.ref(node)

    def __call__(self, g):
        y = self.node()
        return [g * (1.0 + -1.0 * y) * (1.0 + y)]


def tanh(x):
    y = Node.result(np.tanh(x.data), [x], None)
    if y.requires_grad:
        y.vjp = _OfTanh(y)
    return y
