"""
task: numerical_vjp
says: f returns its argument or a view of it, and that tensor is moved on
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach().clone()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        above = f(x)
        x[index] = old - eps
        below = f(x)
        x[index] = old
        result[index] = ((above - below) * v).sum().item() / (2 * eps)
    return result
