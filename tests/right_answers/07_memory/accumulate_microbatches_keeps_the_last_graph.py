"""
task: accumulate_microbatches_
way: runs each backward after the next forward, so that two graphs are alive
"""


def accumulate_microbatches_(model, loss_fn, batches):
    model.zero_grad()
    waiting, total, samples = None, 0.0, 0

    def finish(loss):
        nonlocal total
        loss.backward()
        total += loss.item()

    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        samples += len(x)
        if waiting is not None:
            finish(waiting)
        waiting = loss
        del loss
    finish(waiting)
    with torch.no_grad():
        for p in model.parameters():
            if p.grad is not None:
                p.grad.div_(samples)
    return total / samples
