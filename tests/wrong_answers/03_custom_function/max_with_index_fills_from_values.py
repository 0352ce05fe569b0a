"""
task: MaxWithIndex
says: whatever else backward uses is a constant to it
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        ctx.set_materialize_grads(False)
        values, indices = torch.max(x, dim)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(x, indices)
        ctx.dim = dim
        return values, indices

    @staticmethod
    @once_differentiable
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        x, indices = ctx.saved_tensors
        grad = torch.zeros_like(x)
        grad.scatter_(ctx.dim, indices.unsqueeze(ctx.dim), grad_values.unsqueeze(ctx.dim))
        return grad, None
