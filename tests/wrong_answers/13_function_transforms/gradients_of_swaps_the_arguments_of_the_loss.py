"""
task: gradients_of
says: the wrong way round
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    chosen = {name: params[name].detach() for name in names}

    def loss(chosen):
        return loss_fn(y, torch.func.functional_call(model, chosen, (x,)))

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
