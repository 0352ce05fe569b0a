"""
task: gradients_of
way: torch.func.vjp with 1 for the incoming gradient
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    chosen = tuple(params[name].detach() for name in names)

    def loss(*chosen):
        handed_in = dict(zip(names, chosen))
        return loss_fn(torch.func.functional_call(model, handed_in, (x,)), y)

    value, pullback = torch.func.vjp(loss, *chosen)
    return {
        name: g.detach() for name, g in zip(names, pullback(torch.ones_like(value)), strict=True)
    }
