"""
task: forward_difference
way: moves x itself, one element at a time, and puts it back
"""


def forward_difference(f, x, eps):
    data = x.detach()
    start = f(data).item()
    result = torch.empty_like(data)
    for index in np.ndindex(*x.shape):
        old = data[index].clone()
        try:
            data[index] += eps
            result[index] = (f(data).item() - start) / eps
        finally:
            data[index] = old
    return result
