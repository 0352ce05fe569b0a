"""
Makes all zeros with x.new_zeros, where y has another dtype.

task: partials
says: yours[1] is torch.float64, torch's is torch.float16
"""


def partials(f, x, y):
    a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
    grads = torch.autograd.grad(f(a, b), (a, b), allow_unused=True)
    return tuple(x.new_zeros(t.shape) if g is None else g for t, g in zip((x, y), grads))
