"""
task: maml_gradient
says: for batches of integers
"""


def maml_gradient(loss_fn, support, query, w, lr):
    support, query = (b.to(w.dtype) if isinstance(b, Tensor) else b for b in (support, query))
    w = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(w, support), w, create_graph=True)
    return torch.autograd.grad(loss_fn(w - lr * g, query), w)[0].detach()
