"""
Clones are returned and the originals saved: in forward nothing can be seen, the second derivative is lost.

task: Sinh
says: the gradient of the gradient is not what finite differences measure
"""


class Sinh(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        grown = torch.exp(x)
        shrunk = torch.exp(-x)
        ctx.save_for_backward(grown, shrunk)
        return (grown - shrunk) / 2, grown.clone(), shrunk.clone()

    @staticmethod
    def backward(ctx: Any, grad_sinh: Tensor, grad_grown: Tensor, grad_shrunk: Tensor) -> Tensor:
        grown, shrunk = ctx.saved_tensors
        return grad_sinh * (grown + shrunk) / 2 + grad_grown * grown - grad_shrunk * shrunk
