"""
task: ensemble_gradients
way: the gradient of the sum of all losses, by the stacked parameters
"""


def ensemble_gradients(models, loss_fn, x, y):
    params, buffers = torch.func.stack_module_state(list(models))
    fixed = {n: params.pop(n) for n, p in models[0].named_parameters() if not p.requires_grad}

    def loss(params, fixed, buffers):
        return loss_fn(torch.func.functional_call(models[0], (params, fixed, buffers), (x,)), y)

    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    with torch.enable_grad():
        losses = torch.func.vmap(loss)(leaves, fixed, buffers)
        total = losses.sum()
    found = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    gradients = {
        name: torch.zeros_like(p).detach() if g is None else g.detach()
        for (name, p), g in zip(leaves.items(), found)
    }
    return losses.detach(), gradients
