"""
task: accumulate_tokens_
says: -100 before the call
"""


def accumulate_tokens_(model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> float:
    """Sum, then divide."""
    for p in model.parameters():
        p.grad = None
    total, count = 0.0, 0
    for x, y in batches:
        logits = model(x)
        ok = y != -100
        y[~ok] = 0
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none")[
            ok.flatten()
        ].sum()
        loss.backward()
        total += loss.item()
        count += int(ok.sum())
    if count == 0:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / count
