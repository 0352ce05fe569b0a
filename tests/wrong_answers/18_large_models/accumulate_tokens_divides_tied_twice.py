"""
task: accumulate_tokens_
says: the gradients
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
    if not count:
        raise ValueError("no token counts")
    for _, p in model.named_parameters(remove_duplicate=False):
        if p.grad is not None:
            p.grad /= count
    return total / count
