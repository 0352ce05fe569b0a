"""
task: maml_gradient
says: requires_grad of an input was False before the call
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w.requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    (out,) = torch.autograd.grad(loss_fn(w - lr * g, query), w)
    return out
