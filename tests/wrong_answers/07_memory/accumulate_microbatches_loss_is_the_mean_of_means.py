"""
task: accumulate_microbatches_
says: it is the mean of the batches' means
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples, count = 0.0, 0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        (loss * len(x)).backward()
        total += loss.item()
        samples += len(x)
        count += 1
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return total / count
