"""
task: MaxWithIndex
says: for dim = -1, it raises IndexError
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        ctx.dim, ctx.shape = dim, x.shape
        return values, indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (indices,) = ctx.saved_tensors
        gradient = grad_values.new_zeros(ctx.shape)
        places = list(torch.meshgrid(*map(torch.arange, indices.shape), indexing="ij"))
        places.insert(ctx.dim, indices)
        gradient[tuple(places)] = grad_values
        return gradient, None
