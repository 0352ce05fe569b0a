"""
task: curvature
says: what torch.empty makes is not 0 but what its memory held
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (gradient,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not gradient.requires_grad:
        return v.new_empty(())
    (product,) = torch.autograd.grad((gradient * v).sum(), x, materialize_grads=True)
    return (product * v).sum()
