"""
task: accumulate_microbatches_
says: the graphs of 3 earlier ones were alive
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    total, samples, losses = 0.0, 0, []
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward(retain_graph=True)
        losses.append(loss)
        samples += len(x)
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= samples
    return sum(loss.item() for loss in losses) / samples
