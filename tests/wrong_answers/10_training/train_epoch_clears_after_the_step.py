"""
task: train_epoch
says: cleared only after the step: the first step follows stale ones
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        total += loss.item() * len(y)
        count += len(y)
    if not count:
        raise ValueError("no data")
    return total / count
