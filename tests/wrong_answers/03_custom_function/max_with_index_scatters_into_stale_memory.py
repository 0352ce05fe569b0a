"""
task: MaxWithIndex
says: what torch.empty makes is not 0 but what its memory held
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        ctx.dim = dim
        ctx.shape = x.shape
        return values, indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (indices,) = ctx.saved_tensors
        empty = grad_values.new_empty(ctx.shape)
        index, source = indices.unsqueeze(ctx.dim), grad_values.unsqueeze(ctx.dim)
        return empty.scatter(ctx.dim, index, source), None
