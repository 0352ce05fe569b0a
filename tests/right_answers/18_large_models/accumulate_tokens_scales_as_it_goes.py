"""
task: accumulate_tokens_
way: the mean so far, rescaled at each micro-batch
"""


def accumulate_tokens_(model, batches):
    params = [p for p in model.parameters() if p.requires_grad]
    for p in model.parameters():
        p.grad = None
    seen, mean = 0, 0.0
    for x, y in batches:
        counted = y != -100
        n = int(counted.sum())
        if n == 0:
            (0 * model(x).sum()).backward()
            continue
        logits = model(x)[counted]
        loss = F.cross_entropy(logits, y[counted])
        old, new = seen / (seen + n), n / (seen + n)
        for p in params:
            if p.grad is not None:
                p.grad.mul_(old)
        (loss * new).backward()
        mean = mean * old + loss.item() * new
        seen += n
        del loss, logits
    if seen == 0:
        raise ValueError("nothing counts")
    return mean
