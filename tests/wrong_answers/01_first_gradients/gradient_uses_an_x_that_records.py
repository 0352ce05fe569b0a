"""
task: gradient
says: x itself is made to record, or left recording, so that the x inside f counts too
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = x if x.requires_grad else x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
    return g.detach()
