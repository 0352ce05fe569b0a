"""
task: maml_gradient
way: q − lr·H·q, with a Hessian-vector product
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    stepped = (w - lr * g).detach().requires_grad_()
    (q,) = torch.autograd.grad(loss_fn(stepped, query), stepped)
    if not g.requires_grad:
        return q
    (hq,) = torch.autograd.grad(g, w, q, materialize_grads=True)
    return q - lr * hq
