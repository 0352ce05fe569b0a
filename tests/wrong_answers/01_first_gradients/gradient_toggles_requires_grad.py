"""
task: gradient
says: given an x that was itself computed, and so is no leaf, it raises RuntimeError: you can only change requires_grad flags of leaf variables
"""


def gradient(f, x):
    recorded = x.requires_grad
    with torch.enable_grad():
        x.requires_grad_(True)
        (result,) = torch.autograd.grad(f(x), x)
    x.requires_grad_(False)
    x.requires_grad_(recorded)
    return result
