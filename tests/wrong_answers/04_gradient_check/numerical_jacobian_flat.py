"""
task: numerical_jacobian
says: The values are right, only the shape is not
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step) - f(x - step)).detach().reshape(-1) / (2 * eps))
    return torch.stack(columns, -1)
