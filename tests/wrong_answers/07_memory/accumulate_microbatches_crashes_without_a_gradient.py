"""
task: accumulate_microbatches_
says: NoneType
says: p.grad /= samples
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        samples += len(x)
    for p in model.parameters():
        p.grad /= samples
    return total / samples
