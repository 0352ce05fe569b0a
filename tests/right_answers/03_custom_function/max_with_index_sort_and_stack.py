"""
task: MaxWithIndex
way: forward sorts; backward builds the gradient slice by slice along the axis and stacks it.
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        ctx.set_materialize_grads(False)
        ordered, places = torch.sort(x, dim=dim, descending=True, stable=True)  # NaN first
        values, indices = ordered.select(dim, 0).clone(), places.select(dim, 0).clone()
        ctx.mark_non_differentiable(indices)
        ctx.save_for_backward(indices)
        ctx.dim, ctx.length = dim, x.shape[dim]
        return values, indices

    @staticmethod
    def backward(
        ctx: Any, grad_values: Tensor | None, grad_indices: Tensor | None
    ) -> tuple[Tensor | None, None]:

        match grad_values:
            case None:
                return None, None
            case g:
                (at,) = ctx.saved_tensors
                slices = [g.masked_fill(at != i, 0) for i in range(ctx.length)]
                return torch.stack(slices, dim=ctx.dim), None
