"""
task: curvature
says: not even garbage collection frees them
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    f(x).backward(create_graph=True, inputs=[x])
    g = x.grad
    if not g.requires_grad:
        return x.new_zeros(())
    (hv,) = torch.autograd.grad((g * v).sum(), x, materialize_grads=True)
    return (hv * v).sum()
