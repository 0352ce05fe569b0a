"""
task: accumulate_and_sync_
says: each rank counts alike: weigh it by its samples
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        (loss * len(x)).backward()
        total += loss.item() * len(x)
        samples += len(x)
    params = [p for p in model.parameters() if p.grad is not None]
    mean = torch.tensor(total / samples, dtype=torch.float64, device=params[0].device)
    dist.all_reduce(mean, op=dist.ReduceOp.AVG)
    for p in params:
        p.grad /= samples
        dist.all_reduce(p.grad, op=dist.ReduceOp.AVG)
    return mean.item()
