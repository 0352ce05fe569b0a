"""
task: numerical_jacobian
says: the indices of x come first: those of f(x) do
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    rows = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        rows.append((f(x + step) - f(x - step)).detach() / (2 * eps))
    y = rows[0]
    if y.ndim == 1:
        return torch.stack(rows, -1).reshape(y.shape + x.shape)
    return torch.stack(rows).reshape(x.shape + y.shape)
