"""
task: train_accumulated
says: each micro-batch is divided by every, also in a last group that has fewer
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    optimizer.zero_grad()
    steps = count = 0
    for count, (x, y) in enumerate(batches, start=1):
        (loss_fn(model(x), y) / every).backward()
        if count % every == 0:
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    if count % every:
        optimizer.step()
        steps += 1
    return steps
