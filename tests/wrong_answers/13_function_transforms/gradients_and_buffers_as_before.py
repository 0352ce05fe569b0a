"""
task: gradients_and_buffers
says: the buffers are those from before the step
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}
    buffers = {name: b.clone() for name, b in model.named_buffers()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, (params, buffers), (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, {name: b.clone() for name, b in buffers.items()})
    return gradients, buffers
