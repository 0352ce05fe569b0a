"""
task: numerical_jacobian
says: the value of input 1 at
"""


def numerical_jacobian(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        x[index] += eps
        above = f(x).detach().clone()
        x[index] -= 2 * eps
        below = f(x).detach().clone()
        x[index] += eps
        columns.append((above - below) / (2 * eps))
    return torch.stack(columns, -1).reshape(columns[0].shape + x.shape)
