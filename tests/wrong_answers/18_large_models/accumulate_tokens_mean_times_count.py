"""
task: accumulate_tokens_
says: NaN
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        loss = (
            F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="mean")
            * (y != -100).sum()
        )
        loss.backward()
        total += loss.item()
        count += int((y != -100).sum())
        del loss
    if not count:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / count
