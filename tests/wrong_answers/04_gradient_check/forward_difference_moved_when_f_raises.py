"""
task: forward_difference
says: the value of an input at
says: leave it as it was found
"""


def forward_difference(f, x, eps):
    data = x.detach()
    start = f(data).item()
    result = torch.empty_like(data)
    for index in np.ndindex(*x.shape):
        old = data[index].clone()
        data[index] += eps
        result[index] = (f(data).item() - start) / eps
        data[index] = old
    return result
