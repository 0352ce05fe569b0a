"""
task: accumulate_and_sync_
says: yours
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0, 0
    with torch.enable_grad():
        for x, y in batches:
            loss = loss_fn(model(x), y) * len(x)
            loss.backward()
            total += loss.detach()
            samples += len(x)
    params = [p for p in model.parameters() if p.grad is not None]
    sums = torch.stack([total, torch.full_like(total, samples)]).double()
    dist.all_reduce(sums)
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= sums[1]
    return (sums[0] / sums[1]).item()
