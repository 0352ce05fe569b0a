"""
task: MaxWithIndex
says: x is multiplied by a mask: 0 · inf is NaN
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        indices = x.argmax(dim)
        one_hot = torch.nn.functional.one_hot(indices, x.shape[dim]).movedim(-1, dim).to(x.dtype)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(one_hot)
        ctx.dim = dim
        return (x * one_hot).sum(dim), indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (one_hot,) = ctx.saved_tensors
        return one_hot * grad_values.unsqueeze(ctx.dim), None
