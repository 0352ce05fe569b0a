"""
task: gradients_and_buffers
says: yours[0]['3.spare'] is None
"""


def gradients_and_buffers(model, loss_fn, x, y):
    import copy

    twin = copy.deepcopy(model)
    twin.zero_grad()
    with torch.enable_grad():
        loss_fn(twin(x), y).backward()
    gradients = {name: p.grad for name, p in twin.named_parameters() if p.requires_grad}
    return gradients, dict(twin.named_buffers())
