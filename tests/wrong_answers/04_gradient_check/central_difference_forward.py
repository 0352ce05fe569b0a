"""
task: central_difference
says: only one step is taken, forward from x
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - f(x).item()) / eps
    return result
