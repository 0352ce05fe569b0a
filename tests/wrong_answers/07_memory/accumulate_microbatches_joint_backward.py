"""
task: accumulate_microbatches_
says: the graphs of 3 earlier ones were alive
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        total = total + loss_fn(model(x), y) * len(x)
        samples += len(x)
    (total / samples).backward()
    return (total / samples).item()
