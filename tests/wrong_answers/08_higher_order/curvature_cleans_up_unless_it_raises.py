"""
task: curvature
says: outlives a call that raises
"""


def curvature(f, x, v):
    v = v.detach()
    x = x.detach().requires_grad_()
    f(x).backward(create_graph=True, inputs=[x])
    g = x.grad
    if not g.requires_grad:
        return g.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    x.grad = None
    return (hv * v).sum().detach()
