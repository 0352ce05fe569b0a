"""
task: central_difference
says: Σx at 1e8 in float32
says: the difference is divided by the step that rounding has left
"""


def central_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        up, down = x.clone(), x.clone()
        up[index] += eps
        down[index] -= eps
        result[index] = (f(up) - f(down)).detach() / (up[index] - down[index])
    return result
