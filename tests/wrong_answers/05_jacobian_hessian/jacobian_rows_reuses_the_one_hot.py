"""
task: jacobian_rows
says: each row is the same incoming gradient, which has been filled anew since
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return x.new_zeros(y.shape + x.shape)
    hot = torch.zeros(y.numel(), dtype=y.dtype, device=y.device)
    rows = []
    for i in range(y.numel()):
        hot.zero_()
        hot[i] = 1
        rows += torch.autograd.grad(
            y, leaf, hot.view(y.shape), retain_graph=True, materialize_grads=True
        )
    return torch.stack(rows).reshape(y.shape + x.shape)
