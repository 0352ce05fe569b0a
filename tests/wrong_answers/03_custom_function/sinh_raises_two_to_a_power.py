"""
task: Sinh
says: backward calls exp2: use what forward saved
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        grown, shrunk = x.exp(), (-x).exp()
        ctx.save_for_backward(x)
        return (grown - shrunk) / 2, grown, shrunk

    @staticmethod
    def backward(ctx, grad_sinh, grad_grown, grad_shrunk):
        (x,) = ctx.saved_tensors
        grown, shrunk = torch.exp2(x / np.log(2)), torch.exp2(-x / np.log(2))
        return grad_sinh * (grown + shrunk) / 2 + grad_grown * grown - grad_shrunk * shrunk
