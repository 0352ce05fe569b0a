"""
task: maml_gradient
says: a slope of 0 is taken for the end
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (s,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    stepped = w - lr * s if s.any() else w
    (g,) = torch.autograd.grad(loss_fn(stepped, query), w)
    return g
