"""
Negates x.data for a while, which no counter of edits sees.

task: Sinh
says: more than one element of the written-to tensor refers to a single memory location
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        exp = x.exp()
        exp_neg = x.data.neg_().exp()
        x.data.neg_()
        ctx.save_for_backward(exp, exp_neg)
        return (exp - exp_neg) / 2, exp, exp_neg

    @staticmethod
    def backward(ctx, grad_sinh, grad_exp, grad_exp_neg):
        exp, exp_neg = ctx.saved_tensors
        return grad_sinh * (exp + exp_neg) / 2 + grad_exp * exp - grad_exp_neg * exp_neg
