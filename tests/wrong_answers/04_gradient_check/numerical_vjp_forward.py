"""
task: numerical_vjp
says: a step is taken forward from x alone
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = ((f(x + step) - f(x)) * v).sum().item() / eps
    return result
