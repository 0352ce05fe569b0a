"""
task: train_mixed
way: moves all batches first, and unscales by itself
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    moved = [tuple(t.to(device=device, copy=True) for t in pair) for pair in batches]
    weighted = torch.zeros((), dtype=torch.float64)
    for x, y in moved:
        model.zero_grad(set_to_none=True)
        with torch.amp.autocast(device_type=device.type, enabled=True):
            loss = loss_fn(model(x), y)
        loss_scaled = scaler.scale(loss)
        loss_scaled.backward()
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        weighted += loss.detach().double().cpu() * y.shape[0]
    return (weighted / sum(len(y) for _, y in moved)).item()
