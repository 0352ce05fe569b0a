"""
task: numerical_jacobian
says: given f(x) = x.T, a view that is not contiguous, it raises RuntimeError: view size is not compatible
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    shape = f(x).shape
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step).detach().view(-1) - f(x - step).detach().view(-1)) / (2 * eps))
    return torch.stack(columns, -1).reshape(shape + x.shape)
