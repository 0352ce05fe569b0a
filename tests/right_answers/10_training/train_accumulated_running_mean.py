"""
task: train_accumulated
way: a running mean of the gradients, kept outside .grad and handed over at the step
"""


def train_accumulated(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss_fn: LossFn,
    batches: Batches,
    every: int,
) -> int:
    if every < 1:
        raise ValueError(f"every is {every}, but must be 1 or more")
    held = [p for group in optimizer.param_groups for p in group["params"]]
    mean: dict[Tensor, Tensor] = {}
    seen = samples = steps = 0

    def step() -> None:
        for p in held:
            p.grad = mean.pop(p, None)
        optimizer.step()

    for x, y in batches:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        samples += len(x)
        share = len(x) / samples
        for p, old in mean.items():
            mean[p] = old * (1 - share)
        for p in held:
            if p.grad is not None:
                new = p.grad * share
                mean[p] = mean[p] + new if p in mean else new
        seen += 1
        if seen == every:
            step()
            seen, samples, steps = 0, 0, steps + 1
    if seen:
        step()
        steps += 1
    return steps
