"""
task: hypergradient
says: yours is torch.float32
"""


def hypergradient(f, val, w0, lr, steps):
    if steps == 0:
        return torch.zeros(())
    rate = lr.detach().requires_grad_()
    w = w0.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - rate * g
    (result,) = torch.autograd.grad(val(w), rate)
    return result
