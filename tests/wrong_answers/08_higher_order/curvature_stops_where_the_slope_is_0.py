"""
task: curvature
says: a slope of 0 is taken for the end
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad or not gradient.any():
        return v.new_zeros(())
    slope = (gradient * v).sum()
    (product,) = torch.autograd.grad(slope, x, materialize_grads=True)
    return (product * v).sum()
