"""
task: evaluate
says: each batch counts the same, whatever its size
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += (model(x).argmax(1) == y).double().mean().item()
                count += 1
    finally:
        for m, training in modes:
            m.training = training
    if count == 0:
        raise ValueError("no data")
    return right / count
