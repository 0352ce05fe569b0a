"""
Opens one autocast around all batches, which keeps the first 16-bit weights.

task: train_mixed
says: one autocast around all batches keeps
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    with torch.autocast(device.type):
        for x, y in batches:
            x, y = x.to(device), y.to(device)
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            with torch.autocast(device.type, enabled=False):
                scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            total += loss.item() * len(y)
            count += len(y)
    return total / count
