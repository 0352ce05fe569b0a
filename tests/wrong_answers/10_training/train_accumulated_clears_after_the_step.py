"""
task: train_accumulated
says: cleared only after the step: the first step follows stale ones
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        optimizer.step()
        optimizer.zero_grad()
        steps += 1
    return steps
