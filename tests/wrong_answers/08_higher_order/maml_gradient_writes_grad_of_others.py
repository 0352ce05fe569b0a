"""
task: maml_gradient
says: .grad of the parameter 'w' was 7.0
"""


def maml_gradient(loss_fn, support, query, w, lr):
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    loss_fn(w - lr * g, query).backward()
    return w.grad
