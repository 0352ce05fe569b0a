"""
task: hessian
says: only the diagonal is filled in
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        diagonal = [
            torch.autograd.grad(e, leaf, retain_graph=True)[0].reshape(-1)[i]
            for i, e in enumerate(g.reshape(-1))
        ]
    return torch.diag(torch.stack(diagonal)).reshape(x.shape + x.shape)
