"""
task: central_difference
says: the value of input 1 at
says: leave it as it was found
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        above = f(x).item()
        x[index] -= 2 * eps
        below = f(x).item()
        x[index] += eps
        result[index] = (above - below) / (2 * eps)
    return result
