"""
task: ensemble_gradients
says: the gradients are those of the mean loss
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(list(models))
    fixed = {n: params.pop(n) for n, p in models[0].named_parameters() if not p.requires_grad}

    def loss(params, fixed, buffers):
        return loss_fn(torch.func.functional_call(models[0], (params, fixed, buffers), (x,)), y)

    def mean(params):
        losses = torch.func.vmap(loss)(params, fixed, buffers)
        return losses.mean(), losses

    with torch.no_grad():
        gradients, losses = torch.func.grad(mean, has_aux=True)(params)
    return losses, gradients
