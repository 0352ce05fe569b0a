"""
task: gradient
says: called inside torch.no_grad(), it raises RuntimeError: element 0 of tensors does not require grad
"""


def gradient(f, x):
    leaf = x.detach().clone().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]
