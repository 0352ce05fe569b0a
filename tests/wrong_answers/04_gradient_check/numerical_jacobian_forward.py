"""
task: numerical_jacobian
says: a step is taken forward from x alone
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step) - f(x)).detach() / eps)
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
