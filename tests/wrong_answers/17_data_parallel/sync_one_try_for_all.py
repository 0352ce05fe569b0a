"""
task: accumulate_and_sync_
says: is swallowed: let it through
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    pairs = iter(batches)
    try:
        while True:
            x, y = next(pairs)
            with torch.enable_grad():
                loss = loss_fn(model(x), y)
                (loss * len(x)).backward()
            total += loss.item() * len(x)
            samples += len(x)
    except StopIteration:
        pass
    params = [p for p in model.parameters() if p.grad is not None]
    sums = torch.tensor([total, samples], dtype=torch.float64, device=params[0].device)
    dist.all_reduce(sums)
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= sums[1].item()
    return (sums[0] / sums[1]).item()
