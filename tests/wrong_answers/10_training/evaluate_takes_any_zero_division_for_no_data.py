"""
Takes an error of the model for its own division by no samples.

task: evaluate
says: NoBandwidth is due when the model or the batches raise it; ValueError
"""


def evaluate(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    right = count = 0
    try:
        model.eval()
        with torch.no_grad():
            for x, y in batches:
                right += int((model(x).argmax(1) == y).sum())
                count += len(y)
        return right / count
    except ZeroDivisionError:
        raise ValueError("no data") from None
    finally:
        for m, t in modes:
            m.training = t
