"""
task: accumulate_microbatches_
says: the sum over samples is not divided by their number
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        samples += len(x)
    pass
    return total / samples
