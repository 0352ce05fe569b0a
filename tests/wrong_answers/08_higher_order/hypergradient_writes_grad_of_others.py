"""
task: hypergradient
says: .grad of the parameter 'w' was 7.0
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        (g,) = torch.autograd.grad(f(w), w, create_graph=True)
        w = w - lr * g
    val(w).backward()
    return torch.zeros_like(lr) if lr.grad is None else lr.grad
