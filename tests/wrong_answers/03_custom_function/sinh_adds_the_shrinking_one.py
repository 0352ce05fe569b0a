"""
task: Sinh
says: the slope of exp(-x) is taken as exp(-x): it is -exp(-x)
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        grown, shrunk = x.exp(), (-x).exp()
        ctx.save_for_backward(grown, shrunk)
        return (grown - shrunk) / 2, grown, shrunk

    @staticmethod
    def backward(ctx, grad_sinh, grad_grown, grad_shrunk):
        grown, shrunk = ctx.saved_tensors
        return grad_sinh * (grown + shrunk) / 2 + grad_grown * grown + grad_shrunk * shrunk
