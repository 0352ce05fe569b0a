"""
task: MaxWithIndex
says: yours[1] is torch.float64, torch's is torch.int64
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(indices)
        ctx.dim, ctx.shape = dim, x.shape
        return values, indices.to(x.dtype)

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (indices,) = ctx.saved_tensors
        zeros = grad_values.new_zeros(ctx.shape)
        return zeros.scatter(
            ctx.dim, indices.unsqueeze(ctx.dim), grad_values.unsqueeze(ctx.dim)
        ), None
