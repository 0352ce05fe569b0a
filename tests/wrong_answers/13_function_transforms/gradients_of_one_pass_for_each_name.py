"""
task: gradients_of
says: the model runs 2 times
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    result = {}
    for name in names:

        def loss(p):
            return loss_fn(torch.func.functional_call(model, {name: p}, (x,)), y)

        with torch.no_grad():
            result[name] = torch.func.grad(loss)(params[name].detach())
    return result
