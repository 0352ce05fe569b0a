"""
task: train_accumulated
says: the mean is taken over all micro-batches, not over those of the group
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    batches = list(batches)
    samples = sum(len(y) for _, y in batches)
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        optimizer.step()
        steps += 1
    return steps
