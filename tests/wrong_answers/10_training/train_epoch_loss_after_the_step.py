"""
task: train_epoch
says: the loss is taken after the step
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss_fn(model(x), y).item() * len(y)
        count += len(y)
    if not count:
        raise ValueError("no data")
    return total / count
