"""
task: evaluate
says: without data, the modes are not what they were
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    right = count = 0
    try:
        with torch.no_grad():
            for x, y in batches:
                right += (model(x).argmax(1) == y).sum().item()
                count += len(y)
    except BaseException:
        for m, training in modes:
            m.training = training
        raise
    if count == 0:
        raise ValueError("no data")
    for m, training in modes:
        m.training = training
    return right / count
