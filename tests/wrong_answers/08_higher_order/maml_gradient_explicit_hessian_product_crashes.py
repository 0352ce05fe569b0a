"""
task: maml_gradient
says: for a support loss Σaw, a being a constant, where the gradient in the step is a constant
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    stepped = (w - lr * g).detach().requires_grad_()
    (q,) = torch.autograd.grad(loss_fn(stepped, query), stepped)
    (hq,) = torch.autograd.grad(g, w, q)
    return q - lr * hq
