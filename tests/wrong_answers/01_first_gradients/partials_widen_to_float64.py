"""
Lets f see float64 in place of the dtype of each argument.

task: partials
says: all in float32, it raises RuntimeError
"""


def partials(f, x, y):
    a, b = x.detach().double().requires_grad_(), y.detach().double().requires_grad_()
    grads = torch.autograd.grad(f(a, b), (a, b), materialize_grads=True)
    return tuple(g.to(t.dtype) for t, g in zip((x, y), grads))
