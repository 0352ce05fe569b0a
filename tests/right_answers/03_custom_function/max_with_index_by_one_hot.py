"""
task: MaxWithIndex
way: a one-hot mask times the gradient
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx, x, dim):
        values, indices = x.max(dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        one_hot = torch.nn.functional.one_hot(indices, x.shape[dim]).movedim(-1, dim)
        ctx.save_for_backward(one_hot)
        ctx.dim = dim
        return values, indices

    @staticmethod
    def backward(ctx, grad_values, grad_indices):
        if grad_values is None:
            return None, None
        (one_hot,) = ctx.saved_tensors
        return one_hot * grad_values.unsqueeze(ctx.dim), None
