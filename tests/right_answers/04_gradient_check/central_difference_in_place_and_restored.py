"""
task: central_difference
way: moves x itself and puts it back in finally
"""


def central_difference(f, x, eps):
    result = torch.empty_like(x, requires_grad=False)
    with torch.no_grad():
        for index in np.ndindex(*x.shape):
            old = x[index].clone()
            try:
                x[index] = old + eps
                above = f(x).item()
                x[index] = old - eps
                below = f(x).item()
            finally:
                x[index] = old
            result[index] = (above - below) / (2 * eps)
    return result
