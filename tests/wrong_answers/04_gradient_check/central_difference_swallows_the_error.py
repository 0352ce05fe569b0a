"""
task: central_difference
says: ErrorOfF is due when f, in call 2, raises ErrorOfF
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        try:
            result[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
        except RuntimeError:
            result[index] = math.nan
    return result
