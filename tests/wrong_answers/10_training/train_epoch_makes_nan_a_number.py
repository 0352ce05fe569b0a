"""
task: train_epoch
says: weight and bias after two steps with a large loss and one with a loss of nan
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad = p.grad.nan_to_num(posinf=float("inf"), neginf=-float("inf"))
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
