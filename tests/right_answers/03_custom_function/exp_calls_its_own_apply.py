"""
task: Exp
way: saves x, and calls apply in backward, jvp and vmap
"""


class Exp(Function):
    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return torch.exp(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        (x,) = inputs
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return Exp.apply(x) * grad_output

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return Exp.apply(x) * x_tangent

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None], x: Tensor) -> tuple[Tensor, int | None]:
        return Exp.apply(x.movedim(in_dims[0], 0)), 0
