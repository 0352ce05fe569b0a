"""
task: hessian
says: f is taken for linear, which it is not: its gradient has a graph only if it is computed with create_graph=True
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        if not g.requires_grad:
            return x.new_zeros(x.shape + x.shape)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in g.reshape(-1)]
    return torch.stack(rows).reshape(x.shape + x.shape)
