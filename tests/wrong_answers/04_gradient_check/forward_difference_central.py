"""
task: forward_difference
says: the difference is central
"""


def forward_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - f(x - step).item()) / (2 * eps)
    return result
