"""
task: train_epoch
says: weight and bias after three batches
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        with torch.no_grad():
            for group in optimizer.param_groups:
                for p in group["params"]:
                    p -= group["lr"] * p.grad
        total += loss.item() * len(y)
        count += len(y)
    if not count:
        raise ValueError("no data")
    return total / count
