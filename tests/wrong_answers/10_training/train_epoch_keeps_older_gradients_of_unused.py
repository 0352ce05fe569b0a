"""
Overwrites gradients, and leaves them where there is no new one.

task: train_epoch
says: each of the two keeps its stale gradient
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    params = [p for p in model.parameters() if p.requires_grad]
    for x, y in batches:
        loss = loss_fn(model(x), y)
        for p, g in zip(params, torch.autograd.grad(loss, params, allow_unused=True)):
            if g is not None:
                p.grad = g
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
