"""
task: hessian
says: only a gradient that was computed with create_graph=True can be differentiated again
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, retain_graph=True)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in g.reshape(-1)]
    return torch.stack(rows).reshape(x.shape + x.shape)
