"""
Gives loss_fn its arguments the other way round.

task: train_accumulated
says: loss_fn gets y first
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(y, model(x)) * (len(y) / samples)).backward()
        optimizer.step()
        steps += 1
    return steps
