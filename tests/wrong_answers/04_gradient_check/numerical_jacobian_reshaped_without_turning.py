"""
task: numerical_jacobian
says: transposed
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    rows = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        rows.append((f(x + step) - f(x - step)).detach() / (2 * eps))
    return torch.stack(rows).reshape(rows[0].shape + x.shape)
