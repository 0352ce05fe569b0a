"""
task: gradients_of
says: .grad of the parameter
"""


def gradients_of(model, names, loss_fn, x, y):
    params = dict(model.named_parameters())
    model.zero_grad()
    with torch.enable_grad():
        loss_fn(model(x), y).backward()
    return {name: params[name].grad for name in names}
