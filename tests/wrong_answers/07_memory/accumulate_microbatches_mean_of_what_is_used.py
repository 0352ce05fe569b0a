"""
Takes the mean over those batches alone that use a parameter.

task: accumulate_microbatches_
says: .grad of the parameters after batches of 1, 4 and 2
"""


def accumulate_microbatches_(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    mean, seen, total = [None] * len(params), 0, 0.0
    for x, y in batches:
        seen += len(x)
        share = len(x) / seen
        loss = loss_fn(model(x), y)
        total += (loss.item() - total) * share
        for i, g in enumerate(torch.autograd.grad(loss, params, allow_unused=True)):
            if g is not None:
                mean[i] = g * share if mean[i] is None else mean[i] + (g - mean[i]) * share
    model.zero_grad()
    for p, m in zip(params, mean):
        p.grad = m
    return total
