"""
Backward detaches grad_output, so everything before it is a constant to the second derivative.

task: Scale
says: the gradient of the gradient is not what finite differences measure
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.k = k
        return x * k

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        return grad_output.detach() * ctx.k, None
