"""
task: train_accumulated
says: and two that the loss does not use, it raises
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * len(y)).backward()
        for p in model.parameters():
            p.grad /= samples
        optimizer.step()
        steps += 1
    return steps
