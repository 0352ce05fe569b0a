"""
task: hypergradient
says: not even garbage collection frees them
"""


def hypergradient(f, val, w0, lr, steps):
    w, lr = w0.detach().requires_grad_(), lr.detach().requires_grad_()
    for _ in range(steps):
        w.retain_grad()
        f(w).backward(create_graph=True, inputs=[w])
        w = w - lr * w.grad
    (out,) = torch.autograd.grad(val(w), lr, materialize_grads=True)
    return out
