"""
task: gauss_newton_product
says: the original x is made to record
"""


def gauss_newton_product(f, x, v):
    recorded = x.requires_grad
    x.requires_grad_()
    try:
        with torch.enable_grad():
            y = f(x)
            u = torch.zeros_like(y, requires_grad=True)
            (pulled,) = torch.autograd.grad(y, x, u, create_graph=True)
        (pushed,) = torch.autograd.grad(pulled, u, v.detach(), retain_graph=True)
        return torch.autograd.grad(y, x, pushed)[0]
    finally:
        x.requires_grad_(recorded)
