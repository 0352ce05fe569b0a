"""
task: maml_gradient
says: an except hides such errors
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    stepped = (w - lr * g).detach().requires_grad_()
    (q,) = torch.autograd.grad(loss_fn(stepped, query), stepped)
    try:
        (hq,) = torch.autograd.grad(g, w, q)
    except RuntimeError:
        return q
    return q - lr * hq
