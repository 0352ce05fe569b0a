"""
task: gradient
says: differ
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (result,) = torch.autograd.grad(f(leaf), leaf)
    return result.clamp(-1000.0, 1000.0)
