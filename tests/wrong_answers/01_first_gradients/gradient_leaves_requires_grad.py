"""
task: gradient
says: requires_grad of an input was False before the call and is True after it
"""


def gradient(f, x):
    with torch.enable_grad():
        x.requires_grad_()
        return torch.autograd.grad(f(x), x)[0]
