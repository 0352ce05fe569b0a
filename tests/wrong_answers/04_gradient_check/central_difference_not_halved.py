"""
task: central_difference
says: the difference is divided by eps: its points are 2·eps apart
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - f(x - step).item()) / eps
    return result
