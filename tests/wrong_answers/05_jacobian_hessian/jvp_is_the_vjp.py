"""
task: jvp_double_backward
says: v is multiplied from the left: that is vᵀJ
"""


def jvp_double_backward(f, x, v):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return torch.autograd.grad(f(x), x, v)[0]
