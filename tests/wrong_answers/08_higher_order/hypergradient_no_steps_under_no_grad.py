"""
task: hypergradient
says: grad mode is off
"""


def hypergradient(f, val, w0, lr, steps):
    rate = lr.detach().requires_grad_()
    w = w0.detach().requires_grad_()
    if steps == 0:
        with torch.no_grad():
            return 0 * val(w)
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - rate * g
    return torch.autograd.grad(val(w), rate)[0].detach()
