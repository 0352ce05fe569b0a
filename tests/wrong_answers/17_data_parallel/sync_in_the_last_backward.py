"""
task: accumulate_and_sync_
says: exchange once, after the last backward
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    batches = list(batches)
    params = [p for p in model.parameters() if p.requires_grad]
    samples = torch.tensor(
        float(sum(len(x) for x, _ in batches)), dtype=torch.float64, device=params[0].device
    )
    dist.all_reduce(samples)
    total = 0.0
    for x, y in batches:
        with torch.enable_grad():
            loss = loss_fn(model(x), y) * len(x) / samples.item()
            loss.backward()
        total += loss.item()
    for p in params:
        dist.all_reduce(p.grad)
    total = torch.tensor(total, dtype=torch.float64, device=params[0].device)
    dist.all_reduce(total)
    return total.item()
