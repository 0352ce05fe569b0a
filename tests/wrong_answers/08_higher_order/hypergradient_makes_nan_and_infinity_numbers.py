"""
task: hypergradient
says: NaN becomes a number, or infinity does: let them through
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = (w0.detach().requires_grad_(), lr.detach().requires_grad_())
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * gradient
    (derivative,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return derivative.nan_to_num()
