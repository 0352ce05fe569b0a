"""
task: evaluate
says: scores are rounded to float32
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).float().argmax(1) == y).sum())
                count += len(y)
    finally:
        for m, t in modes:
            m.training = t
    if count == 0:
        raise ValueError("no data")
    return right / count
