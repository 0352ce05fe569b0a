"""
task: train_mixed
way: a decorated forward, and autograd.grad on the scaled loss
"""


def train_mixed(model, optimizer, loss_fn, batches, *, device, scaler):
    @torch.autocast(device_type=device.type)
    def forward(x, y):
        return loss_fn(model(x), y)

    params = [p for p in model.parameters() if p.requires_grad]
    pairs = []
    for batch in batches:
        x, y = map(lambda t: t.to(device), batch)
        loss = forward(x, y)
        optimizer.zero_grad()
        gradients = torch.autograd.grad(scaler.scale(loss), params, allow_unused=True)
        for p, g in zip(params, gradients):
            p.grad = g
        scaler.step(optimizer)
        scaler.update()
        pairs.append((float(loss), len(y)))
    return sum(a * b for a, b in pairs) / sum(b for _, b in pairs)
