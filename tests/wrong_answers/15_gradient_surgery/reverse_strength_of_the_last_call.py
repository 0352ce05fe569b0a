"""
task: reverse_gradient
says: let each call have its own
"""


class _Rev3(Function):
    strength = 1.0

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return -_Rev3.strength * g


def reverse_gradient(x, strength):
    _Rev3.strength = strength
    return _Rev3.apply(x)
