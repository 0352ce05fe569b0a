"""
task: train_epoch
way: a running mean, and next() with a default
"""


def train_epoch(model, optimizer, loss_fn, batches):
    mean, seen = 0.0, 0
    it = iter(batches)
    while True:
        pair = next(it, None)
        if pair is None:
            break
        optimizer.zero_grad()
        loss = loss_fn(model(pair[0]), pair[1])
        loss.backward()
        optimizer.step()
        n = pair[1].size(0)
        seen += n
        mean += (loss.item() - mean) * n / seen
    if seen == 0:
        raise ValueError("no batch")
    return mean
