"""
task: maml_gradient
says: differ
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (step,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    (gradient,) = torch.autograd.grad(loss_fn(w - lr * step, query), w)
    return gradient.clamp(-1000.0, 1000.0)
