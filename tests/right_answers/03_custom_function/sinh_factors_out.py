"""
task: Sinh
way: the gradients are sorted by the two exponentials
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        up = torch.exp(x)
        down = torch.exp(-x)
        ctx.save_for_backward(up, down)
        return (up - down) / 2, up, down

    @staticmethod
    def backward(ctx: Any, grad_sinh: Tensor, grad_exp: Tensor, grad_exp_neg: Tensor) -> Tensor:
        up, down = ctx.saved_tensors
        half = grad_sinh / 2
        return (half + grad_exp) * up + (half - grad_exp_neg) * down
