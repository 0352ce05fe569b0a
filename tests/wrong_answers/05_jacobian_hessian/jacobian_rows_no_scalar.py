"""
task: jacobian_rows
says: given f(x) of shape (), a scalar, where x has shape (4, 3), it raises IndexError: tuple index out of range
"""


def jacobian_rows(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        y = f(leaf)
        first = y.shape[0]
        if not y.requires_grad:
            return x.new_zeros(y.shape + x.shape)
        elements = y.reshape(-1)
        rows = [
            torch.autograd.grad(elements[i], leaf, retain_graph=True, materialize_grads=True)[0]
            for i in range(first * (y.numel() // first))
        ]
    return torch.stack(rows).reshape(y.shape + x.shape)
