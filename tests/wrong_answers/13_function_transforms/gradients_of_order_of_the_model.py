"""
task: gradients_of
says: let them come as ['4.weight', '0.bias']
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    for name in names:
        params[name]
    chosen = {name: p.detach() for name, p in params.items() if name in names}

    def loss(chosen):
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
