"""
The other half.

task: unused_parameters
says: those are named that the loss does use
"""


def unused_parameters(model, loss):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss, list(params.values()), retain_graph=True, allow_unused=True)
    return [n for n, g in zip(params, grads) if g is not None]
