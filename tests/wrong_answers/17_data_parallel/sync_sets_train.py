"""
task: accumulate_and_sync_
says: the model runs in another mode
"""


def accumulate_and_sync_(model, loss_fn, batches):
    for p in model.parameters():
        p.grad = None
    trainable = [p for p in model.parameters() if p.requires_grad]
    total = 0.0
    model.train()
    samples = 0
    for x, y in batches:
        with torch.enable_grad():
            loss = loss_fn(model(x), y)
            (loss * len(x)).backward()
        total += loss.item() * len(x)
        samples += len(x)
    sums = torch.tensor([total, samples], dtype=torch.float64, device=trainable[0].device)
    dist.all_reduce(sums)
    total, samples = sums.tolist()
    with torch.no_grad():
        for p in trainable:
            dist.all_reduce(p.grad)
            p.grad /= samples
    return total / samples
