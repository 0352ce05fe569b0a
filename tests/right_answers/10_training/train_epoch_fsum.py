"""
task: train_epoch
way: clears what is frozen too, clones what autograd.grad gives, and sums exactly
"""

import math


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, loss_fn: LossFn, batches: Batches
) -> float:
    losses: list[float] = []
    sizes: list[int] = []
    for x, y in batches:
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()  # stale gradients of frozen parameters too
        trainable = [p for p in model.parameters() if p.requires_grad]
        gradients = torch.autograd.grad(loss, trainable, allow_unused=True)
        for p, g in zip(trainable, gradients):
            p.grad = None if g is None else g.clone()
        losses.append(loss.item())
        sizes.append(x.shape[0])
        optimizer.step()
    if not sizes:
        raise ValueError("there is no batch")
    return math.fsum(a * n for a, n in zip(losses, sizes)) / sum(sizes)
