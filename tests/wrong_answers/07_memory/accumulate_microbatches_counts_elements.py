"""
task: accumulate_microbatches_
says: the elements are counted, not the samples: axis 0 counts them
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * y.numel()
        loss.backward()
        total += loss.item()
        count += y.numel()
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / count
