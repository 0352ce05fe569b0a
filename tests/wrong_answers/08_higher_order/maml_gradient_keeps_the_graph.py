"""
task: maml_gradient
says: still has a graph attached
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    (out,) = torch.autograd.grad(loss_fn(w - lr * g, query), w, create_graph=True)
    return out
