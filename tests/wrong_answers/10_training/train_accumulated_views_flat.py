"""
Views gradients as vectors, which only contiguous ones can be.

task: train_accumulated
says: a weight that is not contiguous
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    batches = list(batches)
    total = sum(len(y) for _, y in batches)
    if not batches:
        return 0
    steps = 0
    for i in range(0, len(batches), every):
        group = batches[i : i + every]
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * len(y)).backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.view(-1).div_(samples)
        optimizer.step()
        steps += 1
    return steps
