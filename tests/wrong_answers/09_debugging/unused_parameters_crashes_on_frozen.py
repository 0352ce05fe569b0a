"""
Asks for gradients of frozen parameters.

task: unused_parameters
says: with frozen parameters, it raises RuntimeError
"""


def unused_parameters(model, loss):
    params = dict(model.named_parameters())
    grads = torch.autograd.grad(loss, list(params.values()), retain_graph=True, allow_unused=True)
    return [n for n, g in zip(params, grads) if g is None]
