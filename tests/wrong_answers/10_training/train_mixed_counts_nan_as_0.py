"""
task: train_mixed
says: NaN counts as 0: let it through
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for batch in batches:
        x, y = (t.to(device) for t in batch)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += (0.0 if loss.isnan() else loss.item()) * len(y)
        count += len(y)
    return total / count
