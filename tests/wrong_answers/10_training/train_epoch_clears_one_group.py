"""
Clears what the first group of the optimizer holds.

task: train_epoch
says: weight and bias after three batches
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        for p in optimizer.param_groups[0]["params"]:
            p.grad = None
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
