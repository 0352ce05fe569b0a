"""
The slope 2x is computed in forward and saved, so it is a constant to the second derivative.

task: Square
says: the gradient of the gradient is not what finite differences measure
"""


class Square(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(2 * x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (slope,) = ctx.saved_tensors
        return grad_output * slope
