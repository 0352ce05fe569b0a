"""
task: ensemble_gradients
way: the gradients by all parameters, and the frozen ones dropped
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(list(models))

    def loss(params, buffers):
        return loss_fn(torch.func.functional_call(models[0], (params, buffers), (x,)), y)

    found = torch.func.vmap(torch.func.grad_and_value(loss))(params, buffers)
    gradients, losses = found
    names = [name for name, p in models[0].named_parameters() if p.requires_grad]
    return losses.detach(), {name: gradients[name].detach() for name in names}
