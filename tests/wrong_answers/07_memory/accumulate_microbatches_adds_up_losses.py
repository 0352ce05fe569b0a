"""
task: accumulate_microbatches_
says: keep its number, which has no graph
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad(set_to_none=True)
    total, samples = 0, 0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        if loss.requires_grad:
            loss.backward()
        total = total + loss
        samples += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return total.item() / samples
