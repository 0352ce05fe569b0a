"""
task: hessian
way: one batched backward of the gradient
"""


def hessian(f, x):
    zeros = torch.zeros(x.shape + x.shape, dtype=x.dtype, device=x.device)
    with torch.enable_grad():
        t = x.detach().requires_grad_()
        y = f(t)
        if not y.requires_grad:
            return zeros
        g = torch.autograd.grad(y, t, create_graph=True, allow_unused=True)[0]
    if g is None or not g.requires_grad:
        return zeros
    n = x.numel()
    H = torch.autograd.grad(
        g,
        t,
        torch.eye(n, dtype=x.dtype, device=x.device).view(n, *x.shape),
        is_grads_batched=True,
        allow_unused=True,
    )[0]
    return zeros if H is None else H.view((*x.shape, *x.shape))
