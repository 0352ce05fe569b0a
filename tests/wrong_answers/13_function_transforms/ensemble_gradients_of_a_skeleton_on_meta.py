"""
task: ensemble_gradients
says: '2.weight' on the device meta
says: breaks the ties
"""


def ensemble_gradients(models, loss_fn, x, y):
    import copy

    params, buffers = torch.func.stack_module_state(models)
    frozen = [name for name, p in models[0].named_parameters() if not p.requires_grad]
    constants = buffers | {name: params.pop(name) for name in frozen}
    skeleton = copy.deepcopy(models[0]).to("meta")

    def loss(params, constants):
        return loss_fn(torch.func.functional_call(skeleton, params | constants, (x,)), y)

    with torch.no_grad():
        of_each = torch.func.vmap(torch.func.grad_and_value(loss))
        gradients, losses = of_each(params, constants)
    return losses, gradients
