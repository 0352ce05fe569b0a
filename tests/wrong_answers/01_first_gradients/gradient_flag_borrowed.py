"""
Switches requires_grad on x itself and puts it back, but not when f raises, and a closure over x is differentiated too.

task: gradient
says: x itself is made to record, or left recording, so that the x inside f counts too
"""


def gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    before = x.requires_grad
    x.requires_grad_(True)
    with torch.enable_grad():
        (g,) = torch.autograd.grad(f(x), x)
    x.requires_grad_(before)
    return g
