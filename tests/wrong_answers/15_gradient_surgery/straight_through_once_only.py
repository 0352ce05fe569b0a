"""
task: straight_through
says: in the gradient of the gradient for soft
"""


def straight_through(hard, soft):
    from torch.autograd.function import once_differentiable

    class Through(Function):
        @staticmethod
        def forward(ctx, s, h):
            return h.to(s.dtype, copy=True)

        @staticmethod
        @once_differentiable
        def backward(ctx, grad):
            return grad, None

    return Through.apply(soft, hard.detach())
