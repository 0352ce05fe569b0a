"""
task: forward_difference
says: given an x and an f that record, it raises RuntimeError: a
"""


def forward_difference(f, x, eps):
    start = f(x).item()
    result = torch.zeros_like(x.detach())
    for index in np.ndindex(*x.shape):
        old = x[index].item()
        x[index] = old + eps
        result[index] = (f(x).item() - start) / eps
        x[index] = old
    return result
