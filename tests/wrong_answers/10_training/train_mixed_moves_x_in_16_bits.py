"""
task: train_mixed
says: the model takes x in torch.bfloat16
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device, torch.bfloat16), y.to(device)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
