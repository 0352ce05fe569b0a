"""
task: jacobian_rows
says: The values are right, only the shape is not.
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(y.numel(), x.numel())
        rows = [
            torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0].flatten()
            for e in y.reshape(-1)
        ]
    return torch.stack(rows)
