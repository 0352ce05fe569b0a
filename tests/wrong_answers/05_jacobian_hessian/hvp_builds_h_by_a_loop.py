"""
task: hvp
says: more than 1,000 operations run: x has 2000 elements, and H has 4,000,000, which Hv does not need
"""


def hvp(f, x, v):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return torch.zeros_like(x)
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        if not g.requires_grad:
            return torch.zeros_like(x)
        rows = [
            torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0].flatten()
            for e in g.reshape(-1)
        ]
    return (torch.stack(rows) @ v.reshape(-1)).reshape(x.shape)
