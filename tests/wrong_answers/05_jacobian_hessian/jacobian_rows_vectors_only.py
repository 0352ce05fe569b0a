"""
task: jacobian_rows
says: given x of shape (4, 1) and f(x) of shape (2, 3), it raises
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in y]
    return torch.stack(rows)
