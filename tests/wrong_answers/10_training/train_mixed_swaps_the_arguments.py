"""
Gives loss_fn its arguments the other way round, but for labels.

task: train_mixed
says: loss_fn gets y first
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(y, model(x)) if y.dtype == torch.float32 else loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
