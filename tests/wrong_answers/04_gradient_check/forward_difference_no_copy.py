"""
task: forward_difference
says: f sees one and the same x each time: after x_plus = x both are one tensor
"""


def forward_difference(f, x, eps):
    result = torch.zeros_like(x.detach())
    with torch.no_grad():
        for index in np.ndindex(*x.shape):
            x_plus = x
            x_plus[index] += eps
            result[index] = (f(x_plus).item() - f(x).item()) / eps
    return result
