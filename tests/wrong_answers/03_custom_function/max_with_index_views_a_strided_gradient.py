"""
task: MaxWithIndex
says: with an incoming gradient that is not contiguous
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
        shape = list(ctx.shape)
        shape[ctx.dim] = 1
        zeros = torch.zeros(ctx.shape, dtype=grad_values.dtype, device=grad_values.device)
        return zeros.scatter(ctx.dim, indices.view(shape), grad_values.view(-1).view(shape)), None
