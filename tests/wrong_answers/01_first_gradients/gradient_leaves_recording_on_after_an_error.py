"""
task: gradient
says: called inside torch.no_grad(), it leaves recording switched on
"""


def gradient(f, x):
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    leaf = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(f(leaf), leaf)
    torch.set_grad_enabled(before)
    return g
