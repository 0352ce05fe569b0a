"""
task: numerical_jacobian
says: the difference is divided by the step that rounding has left
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        up, down = x.clone(), x.clone()
        up[index] += eps
        down[index] -= eps
        columns.append((f(up) - f(down)).detach() / (up[index] - down[index]))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
