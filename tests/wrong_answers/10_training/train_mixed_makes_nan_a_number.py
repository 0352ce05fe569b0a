"""
task: train_mixed
says: NaN is made a number, and the batch not skipped: let it through
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    total, count = 0.0, 0
    for batch in batches:
        x, y = (t.to(device) for t in batch)
        optimizer.zero_grad()
        with torch.autocast(device.type):
            loss = loss_fn(model(x), y)
        scaler.scale(loss).backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad = p.grad.nan_to_num(posinf=float("inf"), neginf=-float("inf"))
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
