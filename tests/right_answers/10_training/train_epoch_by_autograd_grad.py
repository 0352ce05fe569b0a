"""
task: train_epoch
way: autograd.grad writes each gradient into .grad; the total is a float64 tensor
"""


def train_epoch(model, optimizer, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    total = torch.zeros((), dtype=torch.float64)
    count = 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        for p, g in zip(params, torch.autograd.grad(loss, params, allow_unused=True)):
            p.grad = g
        optimizer.step()
        total += loss.detach().cpu() * x.shape[0]
        count += x.shape[0]
    if count == 0:
        raise ValueError
    return float(total / count)
