"""
Materializes a gradient of zeros for what the loss does not use.

task: train_epoch
says: zeros stand where .grad is None
"""


def train_epoch(model, optimizer, loss_fn, batches):
    total, count = 0.0, 0
    params = [p for p in model.parameters() if p.requires_grad]
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        for p, g in zip(
            params, torch.autograd.grad(loss, params, allow_unused=True, materialize_grads=True)
        ):
            p.grad = g
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    if count == 0:
        raise ValueError("no data")
    return total / count
