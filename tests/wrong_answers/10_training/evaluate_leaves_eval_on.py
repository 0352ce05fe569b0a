"""
task: evaluate
says: was in train mode and is left in eval mode
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += (model(x).argmax(1) == y).sum().item()
                count += len(y)
    finally:
        for m, training in modes:
            pass
    if count == 0:
        raise ValueError("no data")
    return right / count
