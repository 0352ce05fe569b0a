"""
task: train_accumulated
says: weight and bias after micro-batches of 3, 3, 3, 3
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    optimizer.zero_grad()
    steps = count = 0
    for count, (x, y) in enumerate(batches):
        (loss_fn(model(x), y) * len(y) / (every * len(y))).backward()
        if count % every == 0:
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
    if count % every:
        optimizer.step()
        steps += 1
    return steps
