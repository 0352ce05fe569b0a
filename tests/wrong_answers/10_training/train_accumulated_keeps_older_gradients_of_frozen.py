"""
Clears the gradients of those parameters alone that require grad.

task: train_accumulated
says: a frozen parameter keeps its stale gradient
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        for p in model.parameters():
            if p.requires_grad:
                p.grad = None
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        optimizer.step()
        steps += 1
    return steps
