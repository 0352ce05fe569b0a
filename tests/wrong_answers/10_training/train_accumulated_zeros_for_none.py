"""
Fills every gradient with zeros before a group.

task: train_accumulated
says: zeros stand where .grad is None
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"{every}")
    steps, it = 0, iter(batches)
    params = list(model.parameters())
    while group := list(islice(it, every)):
        total = sum(len(y) for _, y in group)
        for p in params:
            p.grad = torch.zeros_like(p)
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / total)).backward()
        optimizer.step()
        steps += 1
    return steps
