"""
task: train_epoch
says: the step is taken once, after all batches
"""


def train_epoch(model, optimizer, loss_fn, batches):
    optimizer.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        total += loss.item() * len(y)
        count += len(y)
    if not count:
        raise ValueError("no data")
    optimizer.step()
    return total / count
