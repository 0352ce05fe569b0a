"""
task: train_epoch
way: makes a list first, and clears after each step and once before
"""


def train_epoch(model, optimizer, loss_fn, batches):
    batches = list(batches)
    if not batches:
        raise ValueError("no batches")
    optimizer.zero_grad()
    total = 0
    for x, y in batches:
        loss = loss_fn(model(x), y)
        loss.backward()
        total = total + loss.detach() * len(x)
        optimizer.step()
        optimizer.zero_grad()
    return (total / sum(len(x) for x, _ in batches)).item()
