"""
task: MaxWithIndex
way: argmax and gather; scatter into zeros
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        ctx.set_materialize_grads(False)
        indices = x.argmax(dim)
        values = x.gather(dim, indices.unsqueeze(dim)).squeeze(dim)
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        ctx.shape, ctx.dim = x.shape, dim
        return values, indices

    @staticmethod
    def backward(
        ctx: Any, grad_values: Tensor | None, grad_indices: Tensor | None
    ) -> tuple[Tensor | None, None]:
        if grad_values is None:
            return None, None
        (indices,) = ctx.saved_tensors
        zeros = grad_values.new_zeros(ctx.shape)
        at = indices.unsqueeze(ctx.dim)
        return zeros.scatter(ctx.dim, at, grad_values.unsqueeze(ctx.dim)), None
