"""
task: forward_difference
says: Σx at 1e8 in float32
says: the difference is divided by the step that rounding has left
"""


def forward_difference(f, x, eps):
    x = x.detach()
    start = f(x.clone()).item()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        moved = x.clone()
        moved[index] += eps
        result[index] = (f(moved).item() - start) / (moved[index] - x[index])
    return result
