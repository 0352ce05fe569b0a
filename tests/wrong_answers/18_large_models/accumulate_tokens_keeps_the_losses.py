"""
task: accumulate_tokens_
says: are alive
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="sum")
        loss.backward()
        total = total + loss
        count += int((y != -100).sum())
    if not count:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return float(total) / count
