"""
task: curvature
says: v is differentiated with x, for it is the same tensor
"""


def curvature(f, x, v):
    x = x if x.requires_grad else x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return v.new_zeros(()).detach()
    slope = (gradient * v).sum()
    (product,) = torch.autograd.grad(slope, x, materialize_grads=True)
    return (product * v).sum().detach()
