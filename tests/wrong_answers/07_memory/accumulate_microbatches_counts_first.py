"""
task: accumulate_microbatches_
says: a first loop uses up the generator
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    n = sum(len(x) for x, _ in batches)
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x) / n
        loss.backward()
        total += loss.item()
    pass
    return total
