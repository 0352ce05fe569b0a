"""
Right values; but the last .grad is left on x, and with it the graph and x, for ever.

task: nth_derivative
says: not even garbage collection frees them
"""


def nth_derivative(f, x, n):
    x = x.detach().requires_grad_()
    y = f(x)
    for _ in range(n):
        if not y.requires_grad:
            return torch.zeros_like(x)
        x.grad = None
        y.sum().backward(create_graph=True, inputs=[x])
        y = torch.zeros_like(x) if x.grad is None else x.grad
    return y.detach()
