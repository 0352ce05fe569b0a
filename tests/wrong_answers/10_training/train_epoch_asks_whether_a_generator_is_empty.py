"""
task: train_epoch
says: there is no batch
"""


def train_epoch(model, optimizer, loss_fn, batches):
    if not batches:
        raise ValueError("no data")
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
