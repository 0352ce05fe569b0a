"""
task: maml_gradient
says: has lost its graph (.data, detach)
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (step,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    (gradient,) = torch.autograd.grad(loss_fn(w.data - lr * step, query), w, materialize_grads=True)
    return gradient.detach()
