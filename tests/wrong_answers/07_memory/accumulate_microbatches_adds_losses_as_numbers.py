"""
task: accumulate_microbatches_
says: the mean loss where that of the last batch is
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.nan_to_num().item()
        samples += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return total / samples
