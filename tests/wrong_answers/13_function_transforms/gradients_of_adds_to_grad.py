"""
task: gradients_of
says: they are added to what .grad holds
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    old = {name: None if p.grad is None else p.grad.clone() for name, p in params.items()}
    with torch.enable_grad():
        loss_fn(model(x), y).backward()
    result = {name: params[name].grad.clone() for name in names}
    for name, p in params.items():
        p.grad = old[name]
    return result
