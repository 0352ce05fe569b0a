"""
task: train_mixed
says: the parameters are torch.bfloat16 while the model runs
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    half = torch.bfloat16 if device.type == "cpu" else torch.float16
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        model.to(half)
        loss = loss_fn(model(x.to(half)).float(), y)
        scaler.scale(loss).backward()
        model.float()
        for p in model.parameters():
            p.grad = p.grad.float()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
