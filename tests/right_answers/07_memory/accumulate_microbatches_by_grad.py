"""
task: accumulate_microbatches_
way: torch.autograd.grad, and sums of its own
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    params = [p for p in model.parameters() if p.requires_grad]
    sums, samples, total = [None] * len(params), 0, 0.0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        grads = torch.autograd.grad(loss, params, allow_unused=True)
        for i, g in enumerate(grads):
            if g is not None:
                sums[i] = g * len(x) if sums[i] is None else sums[i] + g * len(x)
        total += loss.item() * len(x)
        samples += len(x)
    for p, g in zip(params, sums):
        p.grad = None if g is None else g / samples
    return total / samples
