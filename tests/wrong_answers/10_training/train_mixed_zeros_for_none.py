"""
Fills every gradient with zeros before a batch.

task: train_mixed
says: zeros stand where .grad is None
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        for p in model.parameters():
            p.grad = torch.zeros_like(p)
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
