"""
task: accumulate_microbatches_
says: stale gradients are zeroed and not dropped
"""


def accumulate_microbatches_(model, loss_fn, batches):
    for p in model.parameters():
        if p.grad is not None:
            p.grad = torch.zeros_like(p)
    total, n = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        n += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= n
    return total / n
