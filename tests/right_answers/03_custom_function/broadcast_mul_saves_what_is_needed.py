"""
task: BroadcastMul
way: saves only what a gradient will need
"""


class BroadcastMul(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        x_needed, y_needed = ctx.needs_input_grad
        ctx.shapes = x.shape, y.shape
        ctx.save_for_backward(x if y_needed else None, y if x_needed else None)
        return torch.mul(x, y)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor | None, Tensor | None]:
        result = []
        for needed, other, shape in zip(
            ctx.needs_input_grad, reversed(ctx.saved_tensors), ctx.shapes, strict=True
        ):
            result.append((grad_output * other).sum_to_size(shape) if needed else None)
        return tuple(result)
