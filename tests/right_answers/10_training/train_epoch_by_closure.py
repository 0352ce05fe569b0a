"""
task: train_epoch
way: a closure that the optimizer calls as it steps
"""


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss_fn: LossFn, batches: Batches
) -> float:
    sums: list[float] = []
    sizes: list[int] = []
    for x, y in batches:

        def closure(x: Tensor = x, y: Tensor = y) -> float:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            sums.append(loss.item() * x.shape[0])
            sizes.append(x.shape[0])
            return loss.item()

        optimizer.step(closure)
    if not sizes:
        raise ValueError("train_epoch needs at least one batch")
    return sum(sums) / sum(sizes)
