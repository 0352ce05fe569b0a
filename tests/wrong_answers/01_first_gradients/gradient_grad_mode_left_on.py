"""
Switches recording on with a bare torch.set_grad_enabled(True), and leaves it on for the caller's no_grad block.

task: gradient
says: called inside torch.no_grad(), it leaves recording switched on
"""


def gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    torch.set_grad_enabled(True)
    leaf = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(leaf), leaf)
    return g
