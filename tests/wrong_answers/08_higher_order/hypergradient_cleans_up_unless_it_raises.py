"""
task: hypergradient
says: outlives a call that raises
"""


def hypergradient(f, val, w0, lr, steps):
    rate = lr.detach().requires_grad_()
    w = w0.detach().requires_grad_()
    seen = []
    for _ in range(steps):
        if not w.is_leaf:
            w.retain_grad()
        f(w).backward(create_graph=True, inputs=[w])
        seen.append(w)
        w = w - rate * w.grad
    result = torch.autograd.grad(val(w), rate, materialize_grads=True)[0].detach()
    for s in seen:
        s.grad = None
    return result
