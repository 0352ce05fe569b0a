"""
task: hypergradient
way: carries dw/dlr along, step by step
"""


def hypergradient(
    f: Callable[[Tensor], Tensor],
    val: Callable[[Tensor], Tensor],
    w0: Tensor,
    lr: Tensor,
    steps: int,
) -> Tensor:
    # Forwards: s = dw/dlr is carried along, ds = -(g + lr H s).
    rate = lr.detach()
    w = w0.detach()
    s = torch.zeros_like(w)
    for _ in range(steps):
        here = w.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(here), here, create_graph=True)
        hs = None
        if g.requires_grad:
            (hs,) = torch.autograd.grad(g, here, s, allow_unused=True)
        g = g.detach()
        s = s - g if hs is None else s - g - rate * hs
        w = w - rate * g
    end = w.detach().requires_grad_()
    (q,) = torch.autograd.grad(val(end), end)
    return (q * s).sum().to(lr.dtype)
