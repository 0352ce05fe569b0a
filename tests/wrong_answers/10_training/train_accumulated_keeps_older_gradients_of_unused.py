"""
Overwrites gradients, and leaves them where there is no new one.

task: train_accumulated
says: each of the two keeps its stale gradient
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    params = [p for p in model.parameters() if p.requires_grad]
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        loss = sum(loss_fn(model(x), y) * (len(y) / samples) for x, y in group)
        for p, g in zip(params, torch.autograd.grad(loss, params, allow_unused=True)):
            if g is not None:
                p.grad = g
        optimizer.step()
        steps += 1
    return steps
