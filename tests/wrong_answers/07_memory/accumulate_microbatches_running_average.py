"""
task: accumulate_microbatches_
says: each batch is divided by the number of samples so far
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        samples += len(x)
        loss = loss_fn(model(x), y) * len(x)
        (loss / samples).backward()
        total += loss.item()
    pass
    return total / samples
