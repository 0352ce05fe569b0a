"""
task: maml_gradient
says: w has moved while the loss runs
"""


def maml_gradient(loss_fn, support, query, w, lr):
    start = w.detach().clone().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(start, support), start, create_graph=True)
    old = w.detach().clone()
    try:
        w.data.sub_(lr * g.detach())
        moved = w.detach().clone().requires_grad_()
        (q,) = torch.autograd.grad(loss_fn(moved, query), moved)
    finally:
        w.data.copy_(old)
    if not g.requires_grad:
        return q
    (hq,) = torch.autograd.grad(g, start, q, materialize_grads=True)
    return (q - lr * hq).detach()
