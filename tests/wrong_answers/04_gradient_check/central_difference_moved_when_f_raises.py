"""
task: central_difference
says: the value of an input at
says: leave it as it was found
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        above = f(x).item()
        x[index] = old - eps
        below = f(x).item()
        x[index] = old
        result[index] = (above - below) / (2 * eps)
    return result
