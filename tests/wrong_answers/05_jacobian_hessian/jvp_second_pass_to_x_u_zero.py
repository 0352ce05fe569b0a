"""
task: jvp_double_backward
says: the second pass differentiates with respect to x: it must be u
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, x, u, create_graph=True)
        return torch.autograd.grad(pulled, x, v)[0]
