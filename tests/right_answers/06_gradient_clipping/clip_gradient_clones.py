"""
task: ClipGradient
way: a copy in forward, the factor computed from a flat vector, once differentiable
"""

from torch.autograd.function import once_differentiable


class ClipGradient(Function):
    @staticmethod
    def forward(ctx, x, max_norm):
        ctx.max_norm = max_norm
        return x.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_output):
        size = grad_output.reshape(-1).norm().item()
        scale = 1.0 if size <= ctx.max_norm else ctx.max_norm / size
        return scale * grad_output, None
