"""
task: accumulate_microbatches_
says: the model runs with a submodule in another mode
"""


def accumulate_microbatches_(model, loss_fn, batches):
    modes = [(m, m.training) for m in model.modules()]
    model.train()
    model.zero_grad()
    n, total = 0, 0.0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        loss.backward()
        n += len(x)
        total += loss.item()
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= n
    for m, t in modes:
        m.training = t
    return total / n
