"""
task: accumulate_microbatches_
says: the sum is divided by the number of batches
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    batches = list(batches)
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) / len(batches)
        loss.backward()
        total += loss.item()
    pass
    return total
