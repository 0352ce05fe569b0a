"""
Gives loss_fn its arguments the other way round.

task: train_epoch
says: loss_fn gets y first
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(y, model(x))
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
