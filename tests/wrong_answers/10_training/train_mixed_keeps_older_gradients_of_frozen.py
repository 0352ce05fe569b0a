"""
Clears the gradients of those parameters alone that require grad.

task: train_mixed
says: a frozen parameter keeps its stale gradient
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    params = [p for p in model.parameters() if p.requires_grad]
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        for p in params:
            p.grad = None
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
