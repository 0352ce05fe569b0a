"""
task: gradients_of
says: KeyError is due
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters(remove_duplicate=False))
    chosen = {name: params[name] for name in names}

    def loss(chosen):
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
