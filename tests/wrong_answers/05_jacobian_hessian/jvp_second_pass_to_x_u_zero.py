"""
task: jvp_double_backward
says: no path leads from uᵀJ to u
says: differentiates with respect to u, not to x
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        y = f(x)
        u = torch.zeros_like(y, requires_grad=True)
        (pulled,) = torch.autograd.grad(y, x, u, create_graph=True)
        return torch.autograd.grad(pulled, x, v)[0]
