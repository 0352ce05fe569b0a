"""
task: evaluate
says: scores are clipped, and the large ones become the same
"""


def evaluate(model, batches):
    modes = [(module, module.training) for module in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                scores = model(x).clamp(-1e3, 1e3)
                right += int((scores.argmax(1) == y).sum())
                count += len(y)
    finally:
        for module, training in modes:
            module.training = training
    if count == 0:
        raise ValueError("no data")
    return right / count
