"""
When v is x too, v is differentiated as if it were x.

task: curvature
says: requires_grad of input 1 was False before the call
"""


def curvature(f, x, v):
    x.requires_grad_()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return torch.zeros((), dtype=x.dtype, device=x.device)
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    return (hv * v).sum().detach()
