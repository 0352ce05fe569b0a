"""
task: Sigmoid
way: the exponential of the negative size, for either sign
"""


class Sigmoid(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        small = torch.exp(-x.abs())
        s = torch.where(x < 0, small, 1.0) / (1 + small)
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> Tensor:
        (s,) = ctx.saved_tensors
        return (grad_output * s) * (1 - s)
