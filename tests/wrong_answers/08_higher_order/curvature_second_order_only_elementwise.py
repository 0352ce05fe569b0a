"""
task: curvature
says: only the diagonal of H counts
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    diagonal = [
        torch.autograd.grad(e, x, retain_graph=True, materialize_grads=True)[0].reshape(-1)[i]
        for i, e in enumerate(g.reshape(-1))
    ]
    return (torch.stack(diagonal).reshape(x.shape) * v * v).sum()
