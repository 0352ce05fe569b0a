"""
task: BroadcastMul
says: the gradient for x has shape (1, 3), x has shape (3,)
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        x, y = ctx.saved_tensors
        grad_x, grad_y = grad_output * y, grad_output * x
        if grad_x.numel() != x.numel():
            grad_x = grad_x.sum_to_size(x.shape)
        if grad_y.numel() != y.numel():
            grad_y = grad_y.sum_to_size(y.shape)
        return grad_x, grad_y
