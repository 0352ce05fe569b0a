"""
task: train_epoch
says: the losses of the batches are added up
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(y)
    if not count:
        raise ValueError("no data")
    return total
