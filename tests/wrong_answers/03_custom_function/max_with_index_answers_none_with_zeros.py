"""
task: MaxWithIndex
says: grad_values is None, and the gradient for x is
says: return None
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(x, indices)
        ctx.dim = dim
        return values, indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        x, indices = ctx.saved_tensors
        zeros = torch.zeros_like(x)
        if grad_values is None:
            return zeros, None
        return zeros.scatter(
            ctx.dim, indices.unsqueeze(ctx.dim), grad_values.unsqueeze(ctx.dim)
        ), None
