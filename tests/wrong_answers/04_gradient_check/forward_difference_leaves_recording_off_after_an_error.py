"""
task: forward_difference
says: it leaves a change behind: grad mode was True and is now False
"""


def forward_difference(f, x, eps):
    x = x.detach()
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    start = f(x).item()
    result = torch.zeros_like(x)
    for index in np.ndindex(*x.shape):
        step = torch.zeros_like(x)
        step[index] = eps
        result[index] = (f(x + step).item() - start) / eps
    torch.set_grad_enabled(before)
    return result
