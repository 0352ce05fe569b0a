"""
With k = 0 backward says None, as if x took no part, where the gradient is zeros.

task: Scale
says: yours is None, a tensor is due
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.k = k
        return k * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, None]:
        return (ctx.k * grad_output if ctx.k else None), None
