"""
task: maml_gradient
says: no step is taken
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (out,) = torch.autograd.grad(loss_fn(w, query), w)
    return out
