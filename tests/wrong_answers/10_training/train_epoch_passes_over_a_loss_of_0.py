"""
Spares the step where the loss is next to nothing.

task: train_epoch
says: a batch with a loss of 0 is passed over
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        total += loss.item() * len(y)
        count += len(y)
        if loss.item() < 1e-8:
            continue
        loss.backward()
        optimizer.step()
    if count == 0:
        raise ValueError("no data")
    return total / count
