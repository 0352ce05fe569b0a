"""
task: gradient
says: given x of shape ()
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = torch.stack([row for row in x.detach()]).requires_grad_()
        return torch.autograd.grad(f(leaf), leaf)[0]
