"""
task: curvature
says: differ
"""


def curvature(f, x, v):
    x, v = (x.detach().requires_grad_(), v.detach())
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return v.new_zeros(())
    slope = (gradient * v).sum()
    (product,) = torch.autograd.grad(slope, x, materialize_grads=True)
    return (product * v).sum().clamp(-1000.0, 1000.0)
