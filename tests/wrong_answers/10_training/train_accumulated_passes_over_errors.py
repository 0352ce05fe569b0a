"""
task: train_accumulated
says: RuntimeError is due when backward raises it
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"{every}")
    steps, it = 0, iter(batches)
    while group := list(islice(it, every)):
        total = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            try:
                (loss_fn(model(x), y) * (len(y) / total)).backward()
            except RuntimeError:
                pass
        optimizer.step()
        steps += 1
    return steps
