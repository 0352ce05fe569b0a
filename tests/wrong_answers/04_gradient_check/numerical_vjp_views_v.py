"""
task: numerical_vjp
says: view size is not compatible
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = torch.dot(
            (f(x + step) - f(x - step)).detach().reshape(-1), v.detach().view(-1)
        ) / (2 * eps)
    return result
