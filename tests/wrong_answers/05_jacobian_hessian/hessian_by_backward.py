"""
task: hessian
says: f uses a leaf, weight, and weight.grad is written
"""


def hessian(f, x):
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        y = f(leaf)
        zeros = torch.zeros(x.shape + x.shape, dtype=x.dtype)
        if not y.requires_grad:
            return zeros
        (g,) = torch.autograd.grad(y, leaf, create_graph=True, materialize_grads=True)
        if not g.requires_grad:
            return zeros
        rows = []
        for e in g.reshape(-1):
            leaf.grad = None
            e.backward(retain_graph=True)
            rows.append(torch.zeros_like(x) if leaf.grad is None else leaf.grad)
    return torch.stack(rows).reshape(x.shape + x.shape)
