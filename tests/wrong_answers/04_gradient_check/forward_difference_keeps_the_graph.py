"""
task: forward_difference
says: still has a graph attached
"""


def forward_difference(f, x, eps):
    x = x.detach()
    columns = []
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        columns.append((f(x + step) - f(x)) / eps)
    return torch.stack(columns).reshape(x.shape)
