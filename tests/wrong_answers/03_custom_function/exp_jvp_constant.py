"""
jvp treats the output as a constant, so the second derivative by reverse over forward is zero.

task: Exp
says: jvp multiplies by something without a graph
"""


class Exp(Function):
    @staticmethod
    def forward(x: Tensor) -> Tensor:
        return torch.exp(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor], output: Tensor) -> None:
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        return grad_output * y

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        return x_tangent * y.detach()

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None], x: Tensor) -> tuple[Tensor, int | None]:
        return Exp.apply(x), in_dims[0]
