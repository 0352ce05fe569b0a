"""
task: numerical_vjp
says: v is ignored: that is the gradient of the sum
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step) - f(x - step)).sum().item() / (2 * eps)
    return result
