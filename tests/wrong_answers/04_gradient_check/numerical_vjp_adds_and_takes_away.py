"""
task: numerical_vjp
says: the value of input 1 at
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        above = f(x).detach().clone()
        x[index] -= 2 * eps
        below = f(x).detach().clone()
        x[index] += eps
        result[index] = ((above - below) * v).sum().item() / (2 * eps)
    return result
