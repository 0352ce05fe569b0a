"""
Lets the optimizer step once more after the scaler's step.

task: train_mixed
says: optimizer.step takes another
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
        optimizer.step()
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
