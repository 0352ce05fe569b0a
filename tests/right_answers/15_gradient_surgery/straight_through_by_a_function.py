"""
task: straight_through
way: a Function that gives soft what comes in
"""


def straight_through(hard, soft):
    class Through(Function):
        @staticmethod
        def forward(ctx, soft):
            return hard.detach().to(soft.dtype, copy=True)

        @staticmethod
        def backward(ctx, grad_output):
            return grad_output

    return Through.apply(soft)
