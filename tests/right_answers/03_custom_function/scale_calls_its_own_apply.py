"""
task: Scale
way: backward is k times what comes in, by apply
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.k = k
        return k * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        return Scale.apply(grad_output, ctx.k), None
