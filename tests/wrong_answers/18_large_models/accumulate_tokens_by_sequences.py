"""
task: accumulate_tokens_
says: weighed by their sequences
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    total, rows = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten()) * len(x)
        loss.backward()
        total += loss.item()
        rows += len(x)
        del loss
    if not rows:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= rows
    return total / rows
