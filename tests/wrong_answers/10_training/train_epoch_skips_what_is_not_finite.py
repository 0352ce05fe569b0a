"""
Passes over a batch whose loss is not finite.

task: train_epoch
says: a batch whose loss is not finite is passed over
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        total += loss.item() * len(y)
        count += len(y)
        if not torch.isfinite(loss):
            continue
        loss.backward()
        optimizer.step()
    if count == 0:
        raise ValueError("no data")
    return total / count
