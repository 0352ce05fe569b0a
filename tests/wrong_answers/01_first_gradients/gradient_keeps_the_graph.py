"""
task: gradient
says: still has a graph attached
"""


def gradient(f, x):
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        return torch.autograd.grad(f(leaf), leaf, create_graph=True)[0]
