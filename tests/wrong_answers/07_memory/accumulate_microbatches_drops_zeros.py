"""
task: accumulate_microbatches_
says: a gradient of zeros is dropped, as if there were none
"""


def accumulate_microbatches_(model, loss_fn, batches):
    params = list(model.parameters())
    for p in params:
        p.grad = torch.zeros_like(p)
    total, n = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        n += len(x)
    for p in params:
        p.grad /= n
        if not p.grad.any():
            p.grad = None
    return total / n
