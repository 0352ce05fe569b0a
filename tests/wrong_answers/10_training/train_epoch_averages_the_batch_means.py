"""
task: train_epoch
says: each batch counts the same, whatever its size
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += 1
    if not count:
        raise ValueError("no data")
    return total / count
