"""
task: MaxWithIndex
says: the distance from the largest value decides: inf - inf is NaN
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(x - values.unsqueeze(dim))
        ctx.dim = dim
        return values, indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (gap,) = ctx.saved_tensors
        return grad_values.unsqueeze(ctx.dim) * (gap == 0), None
