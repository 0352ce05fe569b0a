"""
Frozen parameters are listed too.

task: unused_parameters
says: frozen parameters are listed too
"""


def unused_parameters(model, loss):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss, list(params.values()), retain_graph=True, allow_unused=True)
    got = {n for n, g in zip(params, grads) if g is not None}
    return [n for n, p in model.named_parameters() if n not in got]
