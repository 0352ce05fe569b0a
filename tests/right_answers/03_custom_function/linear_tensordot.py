"""
task: Linear
way: everything is a tensordot over named axes, and the bias gradient a sum_to_size.
"""


class Linear(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(x, weight)
        y = torch.tensordot(x, weight, dims=([-1], [1]))
        return y if bias is None else torch.add(y, bias)

    @staticmethod
    def backward(
        ctx: Any, grad_output: Tensor
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        x, weight = ctx.saved_tensors
        leading = list(range(x.dim() - 1))
        rules = (
            lambda: torch.tensordot(grad_output, weight, dims=([-1], [0])),
            lambda: torch.tensordot(grad_output, x, dims=(leading, leading)),
            lambda: grad_output.sum_to_size((weight.shape[0],)),
        )
        return tuple(rule() if need else None for rule, need in zip(rules, ctx.needs_input_grad))
