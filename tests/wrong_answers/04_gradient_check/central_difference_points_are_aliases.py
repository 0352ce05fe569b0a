"""
task: central_difference
says: f returns its argument or a view of it, and that tensor is moved on
"""


def central_difference(f, x, eps):
    with torch.no_grad():
        x = x.clone()
        result = torch.zeros_like(x)
        for index in np.ndindex(*x.shape):
            old = x[index].item()
            x[index] = old + eps
            above = f(x)
            x[index] = old - eps
            below = f(x)
            x[index] = old
            result[index] = (above - below) / (2 * eps)
        return result
