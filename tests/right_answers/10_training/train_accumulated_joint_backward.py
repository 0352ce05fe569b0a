"""
task: train_accumulated
way: a list in slices, and one backward through the weighted mean
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every <= 0:
        raise ValueError(every)
    batches = list(batches)
    starts = range(0, len(batches), every)
    for start in starts:
        group = batches[start : start + every]
        loss = sum(loss_fn(model(x), y) * len(y) for x, y in group) / sum(len(y) for _, y in group)
        model.zero_grad()
        loss.backward()
        optimizer.step()
    return len(starts)
