"""
task: maml_gradient
says: the slope in the step is a constant to autograd (first order)
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    stepped = w - lr * g
    (out,) = torch.autograd.grad(loss_fn(stepped, query), stepped)
    return out
