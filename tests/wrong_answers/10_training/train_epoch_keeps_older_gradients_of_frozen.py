"""
Clears the gradients of those parameters alone that require grad.

task: train_epoch
says: a frozen parameter keeps its stale gradient
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    params = [p for p in model.parameters() if p.requires_grad]
    for x, y in batches:
        for p in params:
            p.grad = None
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
