"""
task: jacobian_rows
says: given an f that ignores x, whose result has a graph, which leads to another leaf, it raises
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        if not y.requires_grad:
            return x.new_zeros(y.shape + x.shape)
        rows = [torch.autograd.grad(e, leaf, retain_graph=True)[0] for e in y.reshape(-1)]
    return torch.stack(rows).reshape(y.shape + x.shape)
