"""
The indices are kept as an attribute: the caller has the same tensor, and changes the gradient by changing it.

task: MaxWithIndex
says: output 2 was changed in place after forward
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        values, indices = torch.max(x, dim)
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(indices)
        ctx.indices, ctx.dim, ctx.shape = indices, dim, x.shape
        return values, indices

    @staticmethod
    def backward(
        ctx: Any, grad_values: Tensor | None, grad_indices: Tensor | None
    ) -> tuple[Tensor | None, None]:

        if grad_values is None:
            return None, None
        grad = grad_values.new_zeros(ctx.shape)
        index = ctx.indices.unsqueeze(ctx.dim)
        return grad.scatter(ctx.dim, index, grad_values.unsqueeze(ctx.dim)), None
