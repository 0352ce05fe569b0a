"""
task: accumulate_microbatches_
says: the mean losses of the batches are added and not divided
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        total += loss.item() * len(x)
        samples += len(x)
    pass
    return total / samples
