"""
task: gradients_and_buffers
says: still has a graph attached
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    buffers = {name: b.clone() for name, b in model.named_buffers()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, (params, buffers), (x,)), y)

    return torch.func.grad(loss)(params, buffers), buffers
