"""
task: train_accumulated
way: adds up sums, and divides them into new tensors before the step
"""


def train_accumulated(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    every: int,
) -> int:
    # Gradients of sums add up, and are divided by the number of samples before the step.
    if every < 1:
        raise ValueError(f"every = {every} is less than 1")
    waiting = samples = steps = 0

    def step() -> None:
        for p in model.parameters():
            if p.grad is not None:
                p.grad = p.grad / samples
        optimizer.step()

    for x, y in batches:
        if waiting == 0:
            optimizer.zero_grad()
        (loss_fn(model(x), y) * len(x)).backward()
        waiting += 1
        samples += len(x)
        if waiting == every:
            step()
            steps += 1
            waiting = samples = 0
    if waiting:
        step()
        steps += 1
    return steps
