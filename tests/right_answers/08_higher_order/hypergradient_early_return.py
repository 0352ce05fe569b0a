"""
task: hypergradient
way: 0 at once for no steps
"""


def hypergradient(f, val, w0, lr, steps):
    if steps == 0:
        return torch.zeros_like(lr, requires_grad=False)
    rate = lr.detach().clone().requires_grad_()
    w = w0.detach().clone().requires_grad_()
    for _ in range(steps):
        w = w - rate * torch.autograd.grad(f(w), w, create_graph=True)[0]
    return torch.autograd.grad(val(w), rate)[0]
