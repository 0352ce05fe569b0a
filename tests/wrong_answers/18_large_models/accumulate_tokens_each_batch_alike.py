"""
task: accumulate_tokens_
says: each micro-batch counts alike
"""


def accumulate_tokens_(model, batches):
    model.zero_grad()
    batches = list(batches)
    total = 0.0
    for x, y in batches:
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten()) / len(batches)
        loss.backward()
        total += loss.item()
        del loss
    if total == 0:
        raise ValueError("no token counts")
    return total
