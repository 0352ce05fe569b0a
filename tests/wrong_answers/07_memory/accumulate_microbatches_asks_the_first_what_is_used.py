"""
Leaves a parameter out that the first batch does not use.

task: accumulate_microbatches_
says: .grad of the parameters after batches of 1, 4 and 2
"""


def accumulate_microbatches_(model, loss_fn, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    acc, n, total = None, 0, 0.0
    for x, y in batches:
        loss = loss_fn(model(x), y) * len(x)
        n += len(x)
        total += loss.item()
        got = torch.autograd.grad(loss, params, allow_unused=True)
        acc = (
            list(got)
            if acc is None
            else [None if a is None or g is None else a + g for a, g in zip(acc, got)]
        )
    model.zero_grad()
    for p, m in zip(params, acc):
        p.grad = None if m is None else m / n
    return total / n
