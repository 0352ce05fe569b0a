"""
task: tanh
way: the vjp makes the node again, of the same array, by a function at the top
"""


def _tanh_of(x, values):
    def vjp(g):
        y = _tanh_of(x, values)
        return (g + y * y * g * -1.0,)

    return Node.result(values, (x,), vjp)


def tanh(x):
    return _tanh_of(x, np.tanh(x.data))
