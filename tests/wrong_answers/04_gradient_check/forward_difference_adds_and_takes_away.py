"""
task: forward_difference
says: the value of input 1 at
"""


def forward_difference(f, x, eps):
    x = x.detach()
    start = f(x).item()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        result[index] = (f(x).item() - start) / eps
        x[index] -= eps
    return result
