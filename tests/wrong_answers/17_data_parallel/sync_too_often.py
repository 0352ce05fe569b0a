"""
task: accumulate_and_sync_
says: collectives are made; one for each trainable parameter and two more, 5, are enough
"""


def accumulate_and_sync_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    with torch.enable_grad():
        for x, y in batches:
            loss = loss_fn(model(x), y)
            (loss * len(x)).backward()
            total += loss.item() * len(x)
            samples += len(x)
    params = [p for p in model.parameters() if p.grad is not None]
    for p in params:
        everybodys = torch.tensor([total, samples], dtype=torch.float64, device=params[0].device)
        dist.all_reduce(everybodys)
        dist.all_reduce(p.grad)
        p.grad /= everybodys[1]
    return (everybodys[0] / everybodys[1]).item()
