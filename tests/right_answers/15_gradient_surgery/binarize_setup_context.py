"""
task: Binarize
way: setup_context, and clamp to see what is within
"""


class Binarize(Function):
    @staticmethod
    def forward(x):
        return torch.ones_like(x).masked_fill(x < 0, -1)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return torch.where(x.clamp(-1, 1) == x, grad_output, 0.0)
