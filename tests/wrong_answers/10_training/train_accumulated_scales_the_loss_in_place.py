"""
task: train_accumulated
says: and a loss whose backward needs its result
"""


def train_accumulated(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    every: int,
) -> int:
    if every < 1:
        raise ValueError(f"every is {every}: at least 1 is needed")
    steps, remaining = 0, iter(batches)
    while group := list(islice(remaining, every)):
        samples = sum(len(y) for _, y in group)
        optimizer.zero_grad()
        for x, y in group:
            loss_fn(model(x), y).mul_(len(y) / samples).backward()
        optimizer.step()
        steps += 1
    return steps
