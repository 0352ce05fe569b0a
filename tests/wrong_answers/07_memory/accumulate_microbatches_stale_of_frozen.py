"""
task: accumulate_microbatches_
says: a frozen parameter still has the gradient it had before the call
"""


def accumulate_microbatches_(model, loss_fn, batches):
    for p in model.parameters():
        if p.requires_grad:
            p.grad = None
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        samples += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return total / samples
