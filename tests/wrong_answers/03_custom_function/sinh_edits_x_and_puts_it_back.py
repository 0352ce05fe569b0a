"""
task: Sinh
says: forward: x is written to in place. Even if its values are put back
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        exp = x.exp()
        exp_neg = x.neg_().exp()
        x.neg_()
        ctx.save_for_backward(exp, exp_neg)
        return (exp - exp_neg) / 2, exp, exp_neg

    @staticmethod
    def backward(ctx, grad_sinh, grad_exp, grad_exp_neg):
        exp, exp_neg = ctx.saved_tensors
        return grad_sinh * (exp + exp_neg) / 2 + grad_exp * exp - grad_exp_neg * exp_neg
