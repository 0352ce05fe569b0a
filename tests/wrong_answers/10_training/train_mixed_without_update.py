"""
task: train_mixed
says: step() has already been called since the last update()
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        total += loss.item() * len(y)
        count += len(y)
    return total / count
