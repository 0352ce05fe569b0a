"""
task: train_epoch
says: has no len()
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y) / sum(len(y) for _, y in batches) * len(batches)
    if not len(batches):
        raise ValueError("no data")
    return total / len(batches)
