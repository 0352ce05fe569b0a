"""
task: MaxWithIndex
way: topk, and a saved mask
"""


class MaxWithIndex(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
        ctx.set_materialize_grads(False)
        values, indices = torch.topk(x, 1, dim=dim)
        places = indices.squeeze(dim)
        ctx.mark_non_differentiable(places)
        ctx.save_for_backward(torch.zeros_like(x, dtype=torch.bool).scatter_(dim, indices, True))
        ctx.dim = dim
        return values.squeeze(dim), places

    @staticmethod
    def backward(
        ctx: Any, grad_values: Tensor | None, grad_indices: Tensor | None
    ) -> tuple[Tensor | None, None]:
        if grad_values is None:
            return None, None
        (largest,) = ctx.saved_tensors
        return torch.where(largest, grad_values.unsqueeze(ctx.dim), 0.0), None
