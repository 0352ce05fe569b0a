"""
task: accumulate_and_sync_
says: the generator of micro-batches runs inside no_grad
"""


@torch.no_grad()
def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
            (loss * len(x)).backward()
        total += loss.item() * len(x)
        samples += len(x)
    params = [p for p in model.parameters() if p.grad is not None]
    sums = torch.tensor([total, samples], dtype=torch.float64, device=params[0].device)
    dist.all_reduce(sums)
    total, everybodys = sums.tolist()
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= everybodys
    return total / everybodys
