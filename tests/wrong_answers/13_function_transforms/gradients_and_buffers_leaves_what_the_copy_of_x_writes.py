"""
task: gradients_and_buffers
says: .grad of the parameter
"""


def gradients_and_buffers(model, loss_fn, x, y):
    import copy

    twin = copy.deepcopy(model)
    twin.zero_grad()
    with torch.enable_grad():
        loss_fn(twin(x), y).backward()
    params = {name: p for name, p in twin.named_parameters() if p.requires_grad}
    gradients = {
        name: torch.zeros_like(p).detach() if p.grad is None else p.grad
        for name, p in params.items()
    }
    return gradients, dict(twin.named_buffers())
