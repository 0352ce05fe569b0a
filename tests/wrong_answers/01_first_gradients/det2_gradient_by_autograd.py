"""
task: det2_gradient
says: calls torch.autograd.grad, which this task asks to do without
"""


def det2_gradient(a):
    leaf = a.detach().requires_grad_()
    return torch.autograd.grad(leaf[0, 0] * leaf[1, 1] - leaf[0, 1] * leaf[1, 0], leaf)[0]
