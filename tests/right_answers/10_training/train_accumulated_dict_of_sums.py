"""
task: train_accumulated
way: sums in a dict outside .grad, counted with enumerate
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if not every > 0:
        raise ValueError(f"every must not be {every}")
    sums, n, steps = {}, 0, 0

    def step():
        optimizer.zero_grad()
        for p, s in sums.items():
            p.grad = s / n
        optimizer.step()
        sums.clear()

    k = 0
    for k, (x, y) in enumerate(batches, 1):
        used = [p for p in model.parameters() if p.requires_grad]
        for p, g in zip(used, torch.autograd.grad(loss_fn(model(x), y), used, allow_unused=True)):
            if g is not None:
                sums[p] = sums.get(p, 0) + g * len(y)
        n += len(y)
        if k % every == 0:
            step()
            steps += 1
            n = 0
    if n:
        step()
        steps += 1
    return steps
