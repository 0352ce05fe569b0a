"""
task: Scale
way: torch.mul, and None where nothing is asked for
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.factor = float(k)
        return torch.mul(x, ctx.factor)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, None]:
        return (torch.mul(grad_output, ctx.factor) if ctx.needs_input_grad[0] else None), None
