"""
task: curvature
says: run 5 times so far, 1 forward and 4 backward
says: 4 together are enough, whatever the size
"""


def curvature(f, x, v):
    x, v = x.detach().requires_grad_(), v.detach()
    (g,) = torch.autograd.grad(f(x), x, create_graph=True)
    if not g.requires_grad:
        return x.new_zeros(())
    rows = [
        torch.autograd.grad(e, x, retain_graph=True, materialize_grads=True)[0].reshape(-1)
        for e in g.reshape(-1)
    ]
    flat = v.reshape(-1)
    return flat @ torch.stack(rows) @ flat
