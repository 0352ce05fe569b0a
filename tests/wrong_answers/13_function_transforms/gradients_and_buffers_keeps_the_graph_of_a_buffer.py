"""
task: gradients_and_buffers
says: still has a graph attached
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    buffers = {name: buffer.clone() for name, buffer in model.named_buffers()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, params | buffers, (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers
