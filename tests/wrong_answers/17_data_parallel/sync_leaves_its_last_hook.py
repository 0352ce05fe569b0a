"""
task: accumulate_and_sync_
says: the number of hooks that stay on the parameters of each model
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    params = [p for p in model.parameters() if p.requires_grad]
    weight = [1]
    handles = [p.register_hook(lambda g: g * weight[0]) for p in params]
    total, samples = 0.0, 0
    for x, y in batches:
        weight[0] = len(x)
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
            loss.backward()
        total += loss.item() * len(x)
        samples += len(x)
    for handle in handles[:-1]:
        handle.remove()
    sums = torch.tensor([total, samples], dtype=torch.float64)
    dist.all_reduce(sums)
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= sums[1]
    return (sums[0] / sums[1]).item()
