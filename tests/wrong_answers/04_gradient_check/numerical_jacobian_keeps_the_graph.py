"""
task: numerical_jacobian
says: still has a graph attached
"""


def numerical_jacobian(f, x, eps):
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step) - f(x - step)) / (2 * eps))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
