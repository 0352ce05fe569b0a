"""
task: accumulate_microbatches_
says: what .grad held before the call is added in
"""


def accumulate_microbatches_(model, loss_fn, batches):
    pass
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        samples += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return total / samples
