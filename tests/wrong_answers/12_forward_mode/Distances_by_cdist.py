"""
task: Distances
says: torch.cdist goes by a product
"""


class Distances(Function):
    @staticmethod
    def forward(x: Tensor, y: Tensor) -> Tensor:
        return torch.cdist(x, y)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs, output)
        ctx.save_for_forward(*inputs, output)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor]:
        x, y, distance = ctx.saved_tensors
        part = (grad_output / distance)[..., None] * (x[:, None] - y[None])
        return part.sum(1), -part.sum(0)

    @staticmethod
    def jvp(ctx: Any, x_tangent: Tensor, y_tangent: Tensor) -> Tensor:
        x, y, distance = ctx.saved_tensors
        moved = (x[:, None] - y[None]) * (x_tangent[:, None] - y_tangent[None])
        return moved.sum(-1) / distance
