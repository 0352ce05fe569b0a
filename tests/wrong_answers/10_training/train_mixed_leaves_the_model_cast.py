"""
task: train_mixed
says: the parameters are torch.bfloat16 while the model runs
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    model.to(torch.bfloat16)
    total, count = 0.0, 0
    for x, y in batches:
        x, y = x.to(device).to(torch.bfloat16), y.to(device)
        optimizer.zero_grad()
        loss = loss_fn(model(x).float(), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        total += loss.item() * len(y)
        count += len(y)
    return total / count
