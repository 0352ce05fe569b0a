"""
Takes the mean over those micro-batches alone that use a parameter.

task: train_accumulated
says: one is used by the second micro-batch of the group alone
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"{every}")
    steps, it = 0, iter(batches)
    params = [p for p in model.parameters() if p.requires_grad]
    while group := list(islice(it, every)):
        mean, seen = [None] * len(params), 0
        for x, y in group:
            seen += len(y)
            share = len(y) / seen
            got = torch.autograd.grad(loss_fn(model(x), y), params, allow_unused=True)
            for i, g in enumerate(got):
                if g is not None:
                    mean[i] = g * share if mean[i] is None else mean[i] + (g - mean[i]) * share
        optimizer.zero_grad()
        for p, m in zip(params, mean):
            p.grad = m
        optimizer.step()
        steps += 1
    return steps
