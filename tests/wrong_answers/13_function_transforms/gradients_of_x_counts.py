"""
task: gradients_of
says: x, which the model's own parameters have made, varies with them
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    chosen = []
    for n in names:
        if n not in params:
            raise KeyError(n)
        chosen.append(params[n])
    old = {n: p.requires_grad for n, p in params.items()}
    try:
        for n, p in params.items():
            p.requires_grad_(n in names)
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
            g = torch.autograd.grad(loss, chosen, allow_unused=True, materialize_grads=True)
    finally:
        for n, p in params.items():
            p.requires_grad_(old[n])
    return dict(zip(names, g))
