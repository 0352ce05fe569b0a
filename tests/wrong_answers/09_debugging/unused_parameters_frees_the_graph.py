"""
The graph is gone afterwards.

task: unused_parameters
says: back-propagating the same loss after unused_parameters(model, loss), it raises RuntimeError
"""


def unused_parameters(model, loss):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    return [n for n, g in zip(params, grads) if g is None]
