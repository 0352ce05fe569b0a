"""
task: nth_derivative
says: is called where grad mode is off
"""


def nth_derivative(f, x, n):
    if n == 0:
        with torch.inference_mode():
            return f(x).clone()
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(y)
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True, materialize_grads=True)
    return y.detach()
