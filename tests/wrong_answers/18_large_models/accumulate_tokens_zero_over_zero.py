"""
task: accumulate_tokens_
says: ValueError is due
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    total, count = 0.0, 0
    for x, y in batches:
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="sum")
        loss.backward()
        total += loss.item()
        count += int((y != -100).sum())
        del loss
    for p in model.parameters():
        if p.grad is not None:
            p.grad /= count
    return total / max(count, 1)
