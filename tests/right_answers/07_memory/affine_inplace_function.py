"""
task: affine_inplace
way: a Function that writes into one new tensor
"""


def affine_inplace(x):
    class Affine(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = torch.empty_like(x)
            torch.add(x, 1, out=y)
            return y.mul_(2)

        @staticmethod
        def backward(ctx, grad_output):
            return grad_output * 2

    return Affine.apply(x)
