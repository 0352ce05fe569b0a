"""
task: hessian
says: the rows are added up: that is the gradient of the sum of the gradient
"""


def hessian(f, x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf, create_graph=True)
        return torch.autograd.grad(g.sum(), leaf)[0]
