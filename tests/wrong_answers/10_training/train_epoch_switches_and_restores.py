"""
task: train_epoch
says: is another while the epoch runs
"""


def train_epoch(model, optimizer, loss_fn, batches):
    modes = [m.training for m in model.modules()]
    model.train()
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    for m, training in zip(model.modules(), modes):
        m.training = training
    if not count:
        raise ValueError("no data")
    return total / count
