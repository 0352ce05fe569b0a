"""
Clears what the first group of the optimizer holds.

task: train_mixed
says: weight and bias after two batches
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        for p in optimizer.param_groups[0]["params"]:
            p.grad = None
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
