"""
task: gradients_of
says: requires_grad of the parameter
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    chosen = [params[name].requires_grad_() for name in names]
    with torch.enable_grad():
        loss = loss_fn(model(x.detach()), y)
    gradients = torch.autograd.grad(loss, chosen, materialize_grads=True)
    return {name: g.detach() for name, g in zip(names, gradients)}
