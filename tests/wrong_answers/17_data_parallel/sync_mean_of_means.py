"""
task: accumulate_and_sync_
says: each micro-batch counts alike: weigh it by its samples
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, steps = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        total += loss.item()
        steps += 1
    params = [p for p in model.parameters() if p.grad is not None]
    sums = torch.tensor([total, steps], dtype=torch.float64, device=params[0].device)
    dist.all_reduce(sums)
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= sums[1]
    return (sums[0] / sums[1]).item()
