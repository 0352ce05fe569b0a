"""
task: curvature
says: v is differentiated with x, for it is the same tensor
"""


def curvature(f, x, v):
    required = x.requires_grad
    if not required:
        x.requires_grad_()
    try:
        (g,) = torch.autograd.grad(f(x), x, create_graph=True)
        if not g.requires_grad:
            return x.new_zeros(())
        (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
        return (hv * v).sum().detach()
    finally:
        if not required:
            x.requires_grad_(False)
