"""
Freezes all parameters for a while, and thaws them where no error comes between.

task: evaluate
says: requires_grad of input 1 was True before
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    was = [(p, p.requires_grad) for p in model.parameters()]
    right = count = 0
    try:
        model.eval().requires_grad_(False)
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).argmax(1) == y).sum())
                count += len(y)
    finally:
        for m, t in modes:
            m.training = t
    for p, r in was:
        p.requires_grad_(r)
    if count == 0:
        raise ValueError("no data")
    return right / count
