"""
task: accumulate_tokens_
says: in another mode than before
"""


def accumulate_tokens_(model, batches):
    model.train()
    model.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        logits = model(x)
        loss = F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum")
        loss.backward()
        total += loss.item()
        count += int((y != -100).sum())
        del loss, logits
    if not count:
        raise ValueError("no token counts")
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / count
