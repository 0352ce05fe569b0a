"""
Zeros in place of None cannot be told from zeros.

task: unused_parameters
says: the unused parameters
says: a gradient of zeros is taken for none
"""


def unused_parameters(model, loss):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(
        loss, list(params.values()), retain_graph=True, materialize_grads=True
    )
    return [n for n, g in zip(params, grads) if g.norm() == 0]
