"""
task: gradient_norms
way: torch's own total norm; on a copy
"""


def gradient_norms(model, loss_fn, batches):
    import copy

    twin = copy.deepcopy(model)
    norms = []
    for x, y in batches:
        twin.zero_grad()
        loss_fn(twin(x), y).backward()
        grads = [p.grad for p in twin.parameters() if p.grad is not None and p.requires_grad]
        norms.append(torch.nn.utils.get_total_norm(grads).item())
    return norms
