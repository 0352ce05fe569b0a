"""
task: ensemble_gradients
says: other memory
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(models)
    for i, model in enumerate(models):
        for name, p in model.named_parameters():
            p.data = params[name][i].detach()
    frozen = [name for name, p in models[0].named_parameters() if not p.requires_grad]
    constants = buffers | {name: params.pop(name) for name in frozen}

    def loss(params, constants):
        return loss_fn(torch.func.functional_call(models[0], params | constants, (x,)), y)

    with torch.no_grad():
        gradients, losses = torch.func.vmap(torch.func.grad_and_value(loss))(params, constants)
    return losses, gradients
