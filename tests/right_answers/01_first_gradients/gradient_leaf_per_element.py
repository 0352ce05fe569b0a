"""
task: gradient
way: makes one 0-d leaf for each element, stacks them for f, and asks for the gradient of each.
"""


def gradient(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    with torch.enable_grad():
        leaves = [e.clone().requires_grad_() for e in x.detach().reshape(-1)]
        if not leaves:
            return torch.zeros_like(x, requires_grad=False)
        out = f(torch.stack(leaves).reshape(x.shape))
    return torch.stack(torch.autograd.grad(out, leaves)).reshape(x.shape)
