"""
task: BroadcastMul
way: products by apply, and sums over the stretched axes
"""


def _shrink(grad: Tensor, shape: torch.Size) -> Tensor:
    extra = grad.dim() - len(shape)
    axes = list(range(extra))
    axes += [extra + i for i, n in enumerate(shape) if n == 1 and grad.shape[extra + i] != 1]
    return grad.sum(axes, keepdim=True).reshape(shape) if axes else grad


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        x, y = ctx.saved_tensors
        for_x = _shrink(BroadcastMul.apply(grad_output, y), x.shape)
        for_y = _shrink(BroadcastMul.apply(grad_output, x), y.shape)
        return for_x, for_y
