"""
task: maml_gradient
says: The two agree to the precision of float32
"""


def maml_gradient(loss_fn, support, query, w, lr):
    rate = torch.tensor(lr, device=w.device)
    start = w.detach().requires_grad_()
    (g,) = torch.autograd.grad(loss_fn(start, support), start, create_graph=True)
    (result,) = torch.autograd.grad(loss_fn(start - rate * g, query), start)
    return result
