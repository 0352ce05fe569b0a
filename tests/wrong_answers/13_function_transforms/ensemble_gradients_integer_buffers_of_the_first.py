"""
task: ensemble_gradients
says: the integer buffers of the first model serve for all
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(models)
    frozen = [name for name, p in models[0].named_parameters() if not p.requires_grad]
    constants = {name: b for name, b in buffers.items() if b.is_floating_point()}
    constants |= {name: params.pop(name) for name in frozen}

    def loss(params, constants):
        return loss_fn(torch.func.functional_call(models[0], params | constants, (x,)), y)

    with torch.no_grad():
        gradients, losses = torch.func.vmap(torch.func.grad_and_value(loss))(params, constants)
    return losses, gradients
