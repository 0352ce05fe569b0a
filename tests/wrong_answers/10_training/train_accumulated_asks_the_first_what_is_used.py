"""
Leaves a parameter out that the first micro-batch of a group does not use.

task: train_accumulated
says: one is used by the second micro-batch of the group alone
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"{every}")
    steps, it = 0, iter(batches)
    params = [p for p in model.parameters() if p.requires_grad]
    while group := list(islice(it, every)):
        total = sum(len(y) for _, y in group)
        acc = None
        for x, y in group:
            got = torch.autograd.grad(
                loss_fn(model(x), y) * (len(y) / total), params, allow_unused=True
            )
            acc = (
                list(got)
                if acc is None
                else [a if a is None or g is None else a + g for a, g in zip(acc, got)]
            )
        optimizer.zero_grad()
        for p, m in zip(params, acc):
            p.grad = m
        optimizer.step()
        steps += 1
    return steps
