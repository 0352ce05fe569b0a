"""
task: train_epoch
says: the generator is used up before the loop that trains
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, sum(len(y) for _, y in batches)
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
    if not count:
        raise ValueError("no data")
    return total / count
