"""
task: forward_difference
says: the step goes backward, to x - eps
"""


def forward_difference(f, x, eps):
    x = x.detach()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x).item() - f(x - step).item()) / eps
    return result
