"""
task: numerical_jacobian
says: f returns its argument or a view of it, and that tensor is moved on
"""


def numerical_jacobian(f, x, eps):
    x = x.detach().clone()
    columns = []
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        above = f(x).detach()
        x[index] = old - eps
        below = f(x).detach()
        x[index] = old
        columns.append((above - below) / (2 * eps))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
