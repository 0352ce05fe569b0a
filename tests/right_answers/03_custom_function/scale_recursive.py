"""
task: Scale
way: the map is linear and its own adjoint, so backward calls Scale.apply again.
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.factor = k
        return torch.mul(x, k)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        return Scale.apply(grad_output, ctx.factor), None
