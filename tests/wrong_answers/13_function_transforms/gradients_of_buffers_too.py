"""
task: gradients_of
says: KeyError is due when 'shift' is the first of the names
"""


def gradients_of(model, names, loss_fn, x, y):
    tensors = model.state_dict(keep_vars=True)
    chosen = {name: tensors[name].detach() for name in names}

    def loss(chosen):
        return loss_fn(torch.func.functional_call(model, chosen, (x,)), y)

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
