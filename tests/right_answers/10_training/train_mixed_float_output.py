"""
task: train_mixed
way: loss outside autocast from output.float()
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    dtype = {"cpu": torch.bfloat16, "cuda": torch.float16}[device.type]
    losses, n = [], 0
    for x, y in batches:
        x, y = x.to(device, non_blocking=True), y.to(device, non_blocking=True)
        with torch.amp.autocast(device.type, dtype=dtype, cache_enabled=False):
            output = model(x)
        loss = loss_fn(output.float(), y)
        model.zero_grad()
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.detach() * len(x))
        n += len(x)
    return (torch.stack(losses).sum() / n).item()
