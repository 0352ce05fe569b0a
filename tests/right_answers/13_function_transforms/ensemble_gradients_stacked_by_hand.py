"""
task: ensemble_gradients
way: a deep copy runs, and states are stacked by hand
"""


def ensemble_gradients(models, loss_fn, x, y):
    import copy

    base = copy.deepcopy(models[0])
    names = [name for name, p in base.named_parameters() if p.requires_grad]
    states = [dict(m.named_parameters()) | dict(m.named_buffers()) for m in models]
    stacked = {n: torch.stack([state[n].detach() for state in states]) for n in states[0]}
    params = {name: stacked.pop(name) for name in names}

    def loss(params, others):
        return loss_fn(torch.func.functional_call(base, {**params, **others}, (x,)), y)

    with torch.no_grad():
        gradients, losses = torch.func.vmap(torch.func.grad_and_value(loss))(params, stacked)
    return losses, gradients
