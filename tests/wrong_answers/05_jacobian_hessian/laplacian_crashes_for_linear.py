"""
task: laplacian
says: given a linear f, whose gradient has no graph, it raises RuntimeError
"""


def laplacian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        return sum(
            torch.autograd.grad(e, leaf, retain_graph=True)[0].flatten()[i]
            for i, e in enumerate(g.flatten())
        )
