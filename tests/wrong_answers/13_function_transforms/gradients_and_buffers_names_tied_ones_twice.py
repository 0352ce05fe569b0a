"""
task: gradients_and_buffers
says: a tied weight is replaced in its first place alone
"""

from torch.func import functional_call, grad


def gradients_and_buffers(model, loss_fn, x, y):
    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    buffers = {n: b.detach().clone() for n, b in model.named_buffers(remove_duplicate=False)}

    def loss(params, buffers):
        return loss_fn(functional_call(model, {**params, **buffers}, (x,), tie_weights=False), y)

    with torch.no_grad():
        g = grad(loss)(params, buffers)
        return g, {n: b for n, b in buffers.items() if n in dict(model.named_buffers())}
