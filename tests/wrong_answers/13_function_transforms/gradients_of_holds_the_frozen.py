"""
task: gradients_of
says: the frozen parameter is held constant
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    trainable = [name for name in names if params[name].requires_grad]
    with torch.enable_grad():
        loss = loss_fn(model(x.detach()), y.detach())
    gradients = torch.autograd.grad(
        loss, [params[name] for name in trainable], materialize_grads=True
    )
    found = dict(zip(trainable, (g.detach() for g in gradients)))
    return {
        name: found[name] if name in found else torch.zeros_like(params[name]).detach()
        for name in names
    }
