"""
task: gradients_and_buffers
says: 1.num_batches_tracked
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    named = model.named_buffers()
    buffers = {name: b.detach().clone() for name, b in named if b.is_floating_point()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, params | buffers, (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers
