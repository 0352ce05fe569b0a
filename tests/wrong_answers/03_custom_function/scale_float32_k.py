"""
k is saved as a float32 tensor, so a float64 gradient has only seven right digits.

task: Scale
says: The two agree to the precision of float32
"""


class Scale(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, k: float) -> Tensor:
        ctx.save_for_backward(torch.tensor(k))
        return k * x

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, None]:
        (k,) = ctx.saved_tensors
        return grad_output * k, None
