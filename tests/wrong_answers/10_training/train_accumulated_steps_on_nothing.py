"""
task: train_accumulated
says: without data
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    steps, remaining = 0, iter(batches)
    while True:
        group = list(islice(remaining, every))
        samples = sum(len(y) for _, y in group)
        if group:
            optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        if group or not steps:
            optimizer.step()
            steps += 1
        if len(group) < every:
            return steps
