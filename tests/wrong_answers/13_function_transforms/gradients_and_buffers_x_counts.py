"""
task: gradients_and_buffers
says: x, which the model's own parameters have made, varies with them
"""

from torch.func import functional_call


def gradients_and_buffers(model, loss_fn, x, y):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    buffers = {n: b.detach().clone() for n, b in model.named_buffers()}
    with torch.enable_grad():
        loss = loss_fn(functional_call(model, buffers, (x,)), y)
        g = ()
        if params:
            g = torch.autograd.grad(
                loss, list(params.values()), allow_unused=True, materialize_grads=True
            )
    return dict(zip(params, g)), {n: b.detach() for n, b in buffers.items()}
