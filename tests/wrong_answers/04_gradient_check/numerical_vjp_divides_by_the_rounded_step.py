"""
task: numerical_vjp
says: the difference is divided by the step that rounding has left
"""


def numerical_vjp(f, x, v, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.clone(), x.clone()
        up[index] += eps
        down[index] -= eps
        result[index] = ((f(up) - f(down)) * v).sum().detach() / (up[index] - down[index])
    return result
