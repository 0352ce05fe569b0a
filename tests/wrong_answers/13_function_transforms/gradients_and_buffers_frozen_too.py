"""
task: gradients_and_buffers
says: has the key '0.bias', which is not due
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters()}
    buffers = {name: b.clone() for name, b in model.named_buffers()}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, (params, buffers), (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers
