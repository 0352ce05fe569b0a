"""
task: ClipGradient
way: the norm and the product in double precision
"""


class ClipGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, max_norm: float) -> Tensor:
        ctx.max_norm = max_norm
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        norm = grad_output.double().norm()
        factor = (ctx.max_norm / (norm + 1e-6)).clamp(max=1.0)
        return (grad_output.double() * factor).to(grad_output.dtype), None
