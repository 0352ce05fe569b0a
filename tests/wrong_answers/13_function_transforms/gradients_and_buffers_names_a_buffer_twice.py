"""
task: gradients_and_buffers
says: which are tied
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    named = model.named_buffers(remove_duplicate=False)
    buffers = {name: buffer.detach().clone() for name, buffer in named}

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(model, params | buffers, (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params, buffers)
    return gradients, buffers
