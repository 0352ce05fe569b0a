"""
task: central_difference
says: the two points are x + eps and x - 2·eps
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - f(x - 2 * step).item()) / (2 * eps)
    return result
