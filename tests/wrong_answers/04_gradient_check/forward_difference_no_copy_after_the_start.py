"""
task: forward_difference
says: the steps of earlier elements stay in x: start from x each time, and note that x_plus = x is no copy
"""


def forward_difference(f, x, eps):
    result = torch.zeros_like(x.detach())
    with torch.no_grad():
        start = f(x).item()
        for index in np.ndindex(*x.shape):
            x_plus = x
            x_plus[index] += eps
            result[index] = (f(x_plus).item() - start) / eps
    return result
