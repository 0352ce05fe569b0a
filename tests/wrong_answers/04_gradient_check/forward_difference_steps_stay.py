"""
task: forward_difference
says: the steps of earlier elements stay in x
"""


def forward_difference(f, x, eps):
    x = x.detach().clone()
    start = f(x).item()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        x[index] += eps
        result[index] = (f(x).item() - start) / eps
    return result
