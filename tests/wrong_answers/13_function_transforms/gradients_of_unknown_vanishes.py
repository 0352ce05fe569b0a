"""
task: gradients_of
says: KeyError is due when '1.weight' is the first of the names
"""


def gradients_of(model, names, loss_fn, x, y):
    chosen = {name: p.detach() for name, p in model.named_parameters() if name in names}
    chosen = {name: chosen[name] for name in names if name in chosen}

    def loss(chosen):
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
