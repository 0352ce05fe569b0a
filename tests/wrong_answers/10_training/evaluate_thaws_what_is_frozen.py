"""
Freezes all parameters for a while, and lets all of them require grad at the end.

task: evaluate
says: requires_grad of input 2 was False before
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    try:
        model.eval().requires_grad_(False)
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).argmax(1) == y).sum())
                count += len(y)
    finally:
        model.requires_grad_(True)
        for m, t in modes:
            m.training = t
    if count == 0:
        raise ValueError("no data")
    return right / count
