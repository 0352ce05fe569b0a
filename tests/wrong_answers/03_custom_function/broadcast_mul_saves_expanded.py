"""
The broadcast copies are saved: computed in forward and never given out, so the second derivative loses them in silence.

task: BroadcastMul
says: the gradient of the gradient is not what finite differences measure
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        ctx.shapes = x.shape, y.shape
        x, y = torch.broadcast_tensors(x, y)
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        x, y = ctx.saved_tensors
        x_shape, y_shape = ctx.shapes
        return (grad_output * y).sum_to_size(x_shape), (grad_output * x).sum_to_size(y_shape)
