"""
task: laplacian
says: the second derivatives are returned one by one: add them up
"""


def laplacian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        parts = [
            torch.autograd.grad(e, leaf, retain_graph=True)[0].flatten()[i]
            for i, e in enumerate(g.flatten())
        ]
    return torch.stack(parts).reshape(x.shape)
