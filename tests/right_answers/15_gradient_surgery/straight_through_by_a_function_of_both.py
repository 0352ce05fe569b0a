"""
task: straight_through
way: a Function of both, which gives hard None
"""


class _ST(Function):
    @staticmethod
    def forward(ctx, hard, soft):
        return hard.to(dtype=soft.dtype, device=soft.device, copy=True)

    @staticmethod
    def backward(ctx, g):
        return None, g


def straight_through(hard, soft):
    return _ST.apply(hard, soft)
