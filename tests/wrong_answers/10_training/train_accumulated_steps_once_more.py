"""
Steps at the end though nothing is left over.

task: train_accumulated
says: it steps at the end though nothing is left over
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps = samples = n = 0
    optimizer.zero_grad()

    def step():
        for p in model.parameters():
            if p.grad is not None:
                p.grad /= samples
        optimizer.step()
        optimizer.zero_grad()

    for x, y in batches:
        (loss_fn(model(x), y) * len(y)).backward()
        samples += len(y)
        n += 1
        if n % every == 0:
            step()
            samples = 0
    step()
    return -(-n // every)
