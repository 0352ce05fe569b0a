"""
task: accumulate_tokens_
says: the gradients: yours[1] is None
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    count = sum(int((y != -100).sum()) for _, y in batches)
    if not count:
        raise ValueError("no token counts")
    total = 0.0
    for x, y in batches:
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="sum") / count
        loss.backward()
        total += loss.item()
        del loss
    return total
