"""
task: accumulate_microbatches_
says: loss_fn gets y first, and then the output
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, n = 0.0, 0
    for x, y in batches:
        loss = loss_fn(y, model(x)) * len(x)
        loss.backward()
        total += loss.item()
        n += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= n
    return total / n
