"""
task: ReLU
way: a mask kept on ctx, which no edit of x can change
"""


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.negative = x <= 0
        return torch.maximum(x, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.masked_fill(ctx.negative, 0)
