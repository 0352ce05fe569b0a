"""
task: accumulate_tokens_
says: how often the model runs
"""


def accumulate_tokens_(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Sum, then divide."""
    for p in model.parameters():
        p.grad = None
    total, count = 0.0, 0
    for x, y in batches:
        if (y == -100).all():
            continue
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="sum")
        loss.backward()
        total += loss.item()
        count += int((y != -100).sum())
    if count == 0:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / count
