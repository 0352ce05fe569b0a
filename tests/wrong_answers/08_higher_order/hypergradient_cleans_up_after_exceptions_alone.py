"""
Lets lr itself record, and ends that under "except Exception", which Ctrl-C is not.

task: hypergradient
says: requires_grad of input 2 was False before the call
"""


def hypergradient(f, val, w0, lr, steps):
    if not lr.requires_grad and lr.is_leaf and lr is not w0:
        leaf = lr.requires_grad_()
        off = True
    else:
        leaf, off = lr.detach().requires_grad_(), False
    w = w0.detach().requires_grad_()
    try:
        for _ in range(steps):
            (g,) = torch.autograd.grad(f(w), w, create_graph=True)
            w = w - leaf * g
        (d,) = torch.autograd.grad(val(w), leaf, materialize_grads=True)
    except Exception:
        if off:
            lr.requires_grad_(False)
        raise
    if off:
        lr.requires_grad_(False)
    return d.detach()
