"""
task: Sinh
says: cosh x is taken as the root of 1 + sinh² x
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        up, down = torch.exp(x), torch.exp(-x)
        s = (up - down) / 2
        ctx.save_for_backward(s, up, down)
        return s, up, down

    @staticmethod
    def backward(ctx, grad_sinh, grad_exp, grad_exp_neg):
        s, up, down = ctx.saved_tensors
        return grad_sinh * (1 + s * s).sqrt() + grad_exp * up - grad_exp_neg * down
