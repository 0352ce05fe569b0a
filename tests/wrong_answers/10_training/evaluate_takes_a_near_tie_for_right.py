"""
Counts an answer as right whose score is nearly the largest.

task: evaluate
says: nearly the largest counts
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    model.eval()
    try:
        with torch.no_grad():
            for x, y in batches:
                scores = model(x)
                best = scores.max(1, keepdim=True).values
                right += int((scores.gather(1, y[:, None]) >= best - 1e-6).sum())
                count += len(y)
    finally:
        for m, mode in modes:
            m.training = mode
    if count == 0:
        raise ValueError("no data")
    return right / count
