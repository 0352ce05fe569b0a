"""
Switches recording on at the end, whatever it was.

task: evaluate
says: it leaves recording switched on
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    torch.set_grad_enabled(False)
    try:
        model.eval()
        for x, y in batches:
            right += int((model(x).argmax(1) == y).sum())
            count += len(y)
    finally:
        torch.set_grad_enabled(True)
        for m, t in modes:
            m.training = t
    if count == 0:
        raise ValueError("no data")
    return right / count
