"""
task: gradients_of
way: torch.autograd.grad by leaves that stand in for the parameters
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    leaves = {name: params[name].detach().clone().requires_grad_() for name in names}
    with torch.enable_grad():
        loss = loss_fn(torch.func.functional_call(model, leaves, (x.detach(),)), y.detach())
    gradients = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    return {
        name: torch.zeros_like(leaf).detach() if g is None else g
        for (name, leaf), g in zip(leaves.items(), gradients)
    }
