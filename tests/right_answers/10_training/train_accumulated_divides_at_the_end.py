"""
task: train_accumulated
way: adds up sums, and divides the gradients before each step
"""


def train_accumulated(model, optimizer, loss_fn, batches, every):
    if every < 1:
        raise ValueError(f"every must be at least 1, not {every}")
    optimizer.zero_grad()
    steps = samples = pending = 0

    def step():
        nonlocal steps, samples, pending
        for p in model.parameters():
            if p.grad is not None:
                p.grad.div_(samples)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        steps, samples, pending = steps + 1, 0, 0

    for x, y in batches:
        (loss_fn(model(x), y) * len(x)).backward()
        samples += len(x)
        pending += 1
        if pending == every:
            step()
    if pending:
        step()
    return steps
