"""
task: hessian
says: given an f that ignores x, whose result has no graph, it raises RuntimeError
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True, materialize_grads=True)
        if not g.requires_grad:
            return x.new_zeros(x.shape + x.shape)
        rows = [
            torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0]
            for e in g.reshape(-1)
        ]
    return torch.stack(rows).reshape(x.shape + x.shape)
