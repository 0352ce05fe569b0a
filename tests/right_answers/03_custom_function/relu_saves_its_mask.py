"""
task: ReLU
way: a saved mask, which no edit of x can change
"""


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x <= 0)
        return torch.maximum(x, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, grad_output):
        (negative,) = ctx.saved_tensors
        return grad_output.masked_fill(negative, 0)
