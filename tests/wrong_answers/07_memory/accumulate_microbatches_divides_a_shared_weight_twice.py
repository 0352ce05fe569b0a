"""
task: accumulate_microbatches_
says: a parameter that has two names is divided twice
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad(set_to_none=True)
    total, samples = 0.0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        if loss.requires_grad:
            loss.backward()
        total += loss.item()
        samples += len(x)
    for module in model.modules():
        for p in module.parameters(recurse=False):
            if p.grad is not None:
                p.grad /= samples
    return total / samples
