"""
task: gradient
says: .grad of an input was None before the call
says: leave it as it was found
"""


def gradient(f, x):
    with torch.enable_grad():
        x.requires_grad_()
        f(x).backward()
        x.requires_grad_(False)
        return x.grad
