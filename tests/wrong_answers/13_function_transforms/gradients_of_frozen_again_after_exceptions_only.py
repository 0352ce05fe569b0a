"""
task: gradients_of
says: requires_grad of the parameter
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    before = {name: p.requires_grad for name, p in params.items()}

    def put_back():
        for name, p in params.items():
            p.requires_grad_(before[name])

    for name in names:
        params[name]
    for name, p in params.items():
        p.requires_grad_(name in names)
    try:
        with torch.enable_grad():
            loss = loss_fn(model(x.detach()), y.detach())
        chosen = [params[name] for name in names]
        gradients = torch.autograd.grad(loss, chosen, allow_unused=True)
    except Exception:
        put_back()
        raise
    put_back()
    return {
        name: torch.zeros_like(params[name]).detach() if g is None else g
        for name, g in zip(names, gradients)
    }
