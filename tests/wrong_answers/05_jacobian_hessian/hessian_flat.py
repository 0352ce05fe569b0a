"""
task: hessian
says: The values are right, only the shape is not.
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0].flatten() for e in g.reshape(-1)]
    return torch.stack(rows)
