"""
task: gradients_of
says: the weight is replaced in its first place alone
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    chosen = {name: params[name].detach() for name in names}

    def loss(chosen):
        output = torch.func.functional_call(model, chosen, (x,), tie_weights=False)
        return loss_fn(output, y)

    with torch.no_grad():
        return torch.func.grad(loss)(chosen)
