"""
task: gradient
says: .grad of an input
says: leave it as it was found
"""


def gradient(f, x):
    recorded = x.requires_grad
    with torch.enable_grad():
        x.requires_grad_()
        f(x).backward()
    result = x.grad.clone()
    if not recorded:
        x.grad = None
        x.requires_grad_(False)
    return result
