"""
Adds the mode that was to that which is, and leaves ints.

task: evaluate
says: the modes, which are bools
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    model.eval()
    try:
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).argmax(1) == y).sum())
                count += len(y)
    finally:
        for m, mode in modes:
            m.training += mode
    if count == 0:
        raise ValueError("no data")
    return right / count
