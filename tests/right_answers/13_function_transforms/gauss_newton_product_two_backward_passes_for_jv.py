"""
task: gauss_newton_product
way: Jv from two backward passes, and a third one
"""


def gauss_newton_product(f, x, v):
    leaf = x.detach().requires_grad_()
    with torch.enable_grad():
        y = f(leaf)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, leaf, u, create_graph=True)
    (pushed,) = torch.autograd.grad(pulled, u, v.detach(), retain_graph=True)
    return torch.autograd.grad(y, leaf, pushed)[0]
