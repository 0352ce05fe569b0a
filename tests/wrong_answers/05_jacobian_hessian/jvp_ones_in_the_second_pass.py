"""
task: jvp_double_backward
says: the second pass starts from ones, and v is left out
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, x, u, create_graph=True)
        return torch.autograd.grad(pulled.sum(), u)[0]
