"""
task: gradients_of
says: 3 of the forward pass and 1 are due
"""


def gradients_of(model, names, loss_fn, x, y):
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(params):
        return loss_fn(torch.func.functional_call(model, params, (x,)), y)

    with torch.no_grad():
        gradients = torch.func.grad(loss)(params)
    return {name: gradients[name] for name in names}
