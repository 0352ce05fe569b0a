"""
task: maml_gradient
says: support and query change places
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, query), w, create_graph=True)
    (out,) = torch.autograd.grad(loss_fn(w - lr * g, support), w)
    return out
