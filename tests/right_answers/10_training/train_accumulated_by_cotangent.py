"""
task: train_accumulated
way: the weight goes into backward
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if not every >= 1:
        raise ValueError(f"{every=}")
    it, steps = iter(batches), 0
    for first in it:
        group = [first, *islice(it, every - 1)]
        total = sum(x.shape[0] for x, _ in group)
        optimizer.zero_grad()
        for x, y in group:
            loss = loss_fn(model(x), y)
            loss.backward(torch.full_like(loss, x.shape[0] / total))
        optimizer.step()
        steps += 1
    return steps
