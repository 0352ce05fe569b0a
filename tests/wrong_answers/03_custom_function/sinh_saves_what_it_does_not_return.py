"""
task: Sinh
says: the gradient of the gradient is not what finite differences measure
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        grown, shrunk = x.exp(), (-x).exp()
        ctx.grown, ctx.shrunk = grown, shrunk
        return (grown - shrunk) / 2, grown.clone(), shrunk.clone()

    @staticmethod
    def backward(ctx, grad_sinh, grad_grown, grad_shrunk):
        grown, shrunk = ctx.grown, ctx.shrunk
        return grad_sinh * (grown + shrunk) / 2 + grad_grown * grown - grad_shrunk * shrunk
