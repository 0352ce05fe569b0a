"""
Forward goes through x.view(-1), which refuses a strided x.

task: Square
says: view size is not compatible with input tensor's size and stride
"""


class Square(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        flat = x.view(-1)
        return (flat * flat).view(x.shape)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return 2 * x * grad_output
