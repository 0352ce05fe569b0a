"""
task: accumulate_microbatches_
says: a parameter that has two names is divided twice
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        total += loss.item()
        samples += len(x)
    for _, p in model.named_parameters(remove_duplicate=False):
        if p.grad is not None:
            p.grad /= samples
    return total / samples
