"""
task: jacobian_rows
says: the axes of x come first: those of f(x) do
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(x.shape + y.shape)
        rows = [
            torch.autograd.grad(e, leaf, retain_graph=True, materialize_grads=True)[0]
            for e in y.reshape(-1)
        ]
    return torch.stack(rows, -1).reshape(x.shape + y.shape)
