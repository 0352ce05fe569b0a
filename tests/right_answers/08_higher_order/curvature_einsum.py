"""
task: curvature
way: a flat gradient, and the last product by einsum
"""


def curvature(f, x, v):
    t = x.detach().clone().requires_grad_()
    d = v.detach().reshape(-1)
    g = torch.autograd.grad([f(t)], [t], create_graph=True)[0].reshape(-1)
    if not g.requires_grad:
        return torch.zeros((), dtype=x.dtype, device=x.device)
    h = torch.autograd.grad(g, t, grad_outputs=d, allow_unused=True)[0]
    return (
        torch.zeros((), dtype=x.dtype, device=x.device)
        if h is None
        else torch.einsum("i,i->", h.reshape(-1), d)
    )
