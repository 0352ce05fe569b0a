"""
task: gradients_of
says: what torch.empty makes is not 0
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    leaves = {name: params[name].detach().requires_grad_() for name in names}
    with torch.enable_grad():
        loss = loss_fn(torch.func.functional_call(model, leaves, (x,)), y)
    gradients = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    return {
        name: torch.empty_like(leaf).detach() if g is None else g
        for (name, leaf), g in zip(leaves.items(), gradients)
    }
