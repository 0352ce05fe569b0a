"""
task: tanh
says: the result is still alive: something keeps it, such as a circle
"""

_OUTPUTS = {}


def tanh(x):
    key = object()

    def vjp(g):
        y = _OUTPUTS[key]
        return (g * (y * y * -1.0 + 1.0),)

    out = Node.result(np.tanh(x.data), (x,), vjp)
    if out.requires_grad:
        _OUTPUTS[key] = out
    return out
