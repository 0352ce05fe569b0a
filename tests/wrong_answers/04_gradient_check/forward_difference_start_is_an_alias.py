"""
task: forward_difference
says: f returns its argument or a view of it, and that tensor is moved on
"""


def forward_difference(f, x, eps):
    with torch.no_grad():
        x = x.clone()
        start = f(x)
        result = torch.zeros_like(x)
        for index in np.ndindex(*x.shape):
            old = x[index].item()
            x[index] = old + eps
            result[index] = (f(x) - start) / eps
            x[index] = old
        return result
