"""
task: gradients_and_buffers
says: would mutate a captured Tensor
"""


def gradients_and_buffers(model, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}

    def loss(params):
        return loss_fn(torch.func.functional_call(model, params, (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params)
    return gradients, {name: b.clone() for name, b in model.named_buffers()}
