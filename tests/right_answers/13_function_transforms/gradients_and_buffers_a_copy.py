"""
task: gradients_and_buffers
way: a deep copy does the step
"""


def gradients_and_buffers(model, loss_fn, x, y):
    import copy

    twin = copy.deepcopy(model)
    for p in twin.parameters():
        p.grad = torch.zeros_like(p) if p.requires_grad else None
    with torch.enable_grad():
        loss_fn(twin(x.detach()), y.detach()).backward()
    gradients = {name: p.grad for name, p in twin.named_parameters() if p.requires_grad}
    return gradients, dict(twin.named_buffers())
