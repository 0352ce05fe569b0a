"""
task: ensemble_gradients
says: each model sees a single sample
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(list(models))
    fixed = {n: params.pop(n) for n, p in models[0].named_parameters() if not p.requires_grad}

    def loss(params, fixed, buffers, x, y):
        return loss_fn(torch.func.functional_call(models[0], (params, fixed, buffers), (x,)), y)

    with torch.no_grad():
        found = torch.func.vmap(torch.func.grad_and_value(loss))(params, fixed, buffers, x, y)
    gradients, losses = found
    return losses, gradients
