"""
task: gradients_of
way: a deep copy in which the named parameters alone require grad
"""


def gradients_of(model, names, loss_fn, x, y):
    import copy

    twin = copy.deepcopy(model).requires_grad_(False)
    params = dict(twin.named_parameters())
    for name in names:
        params[name].requires_grad_().grad = torch.zeros_like(params[name])
    with torch.enable_grad():
        loss_fn(twin(x.detach()), y.detach()).backward()
    return {name: params[name].grad for name in names}
