"""
task: Binarize
says: x of a later call
"""


class Binarize(Function):
    @staticmethod
    def forward(ctx, x):
        Binarize.inside = x.abs() <= 1
        return torch.where(x >= 0, torch.ones_like(x), -torch.ones_like(x))

    @staticmethod
    def backward(ctx, grad_output):
        return torch.where(Binarize.inside, grad_output, torch.zeros_like(grad_output))
