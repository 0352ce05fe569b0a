"""
task: central_difference
says: the value of an input at
says: leave it as it was found
"""


def central_difference(f, x, eps):
    data = x.detach()
    result = torch.empty_like(data)
    for index in np.ndindex(*x.shape):
        old = data[index].clone()
        try:
            data[index] = old + eps
            above = f(data).item()
            data[index] = old - eps
            below = f(data).item()
        except Exception:
            data[index] = old
            raise
        data[index] = old
        result[index] = (above - below) / (2 * eps)
    return result
