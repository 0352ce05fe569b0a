"""
task: gradients_of
says: let it name 1.weight too
"""

from torch.func import functional_call, grad


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    missing = sorted(set(names) - set(params))
    if missing:
        raise KeyError(missing[0])
    chosen = {name: params[name].detach() for name in names}
    with torch.no_grad():
        g = grad(lambda p: loss_fn(functional_call(model, p, (x,)), y))(chosen)
    return {name: g[name] for name in names}
