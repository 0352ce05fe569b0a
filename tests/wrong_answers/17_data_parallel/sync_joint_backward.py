"""
task: accumulate_and_sync_
says: the next micro-batch is asked for before the backward of the one before
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        total = total + loss_fn(model(x), y) * len(x)
        samples += len(x)
    total.backward()
    params = [p for p in model.parameters() if p.grad is not None]
    sums = torch.tensor([total.item(), samples], dtype=torch.float64, device=params[0].device)
    dist.all_reduce(sums)
    for p in params:
        dist.all_reduce(p.grad)
        p.grad /= sums[1]
    return (sums[0] / sums[1]).item()
