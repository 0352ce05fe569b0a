"""
task: train_accumulated
says: weight and bias, begun with stale gradients
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"{every}")
    steps, it = 0, iter(batches)
    while group := list(islice(it, every)):
        total = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            (loss_fn(model(x), y) * len(y)).backward()
        for m in model.modules():
            for p in m.parameters(recurse=False):
                if p.grad is not None:
                    p.grad /= total
        optimizer.step()
        steps += 1
    return steps
