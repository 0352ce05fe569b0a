"""
task: laplacian
says: only a gradient that was computed with create_graph=True can be differentiated again
"""


def laplacian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        return sum(
            torch.autograd.grad(e, leaf, retain_graph=True)[0].flatten()[i]
            for i, e in enumerate(g.flatten())
        )
