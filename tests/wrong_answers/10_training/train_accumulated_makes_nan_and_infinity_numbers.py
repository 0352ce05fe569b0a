"""
task: train_accumulated
says: weight and bias after a large step and after one that is infinite
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * (len(y) / samples)).backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.nan_to_num_()
        optimizer.step()
        steps += 1
    return steps
