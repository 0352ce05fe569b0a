"""
task: accumulate_microbatches_
way: counts the samples in a list of the batches, and scales each loss
"""


def accumulate_microbatches_(model, loss_fn, batches):
    batches = list(batches)
    n = sum(y.shape[0] for _, y in batches)
    for p in model.parameters():
        p.grad = None
    mean = 0.0
    for x, y in batches:
        loss = loss_fn(model(x), y) * (y.shape[0] / n)
        loss.backward()
        mean += loss.item()
    return mean
