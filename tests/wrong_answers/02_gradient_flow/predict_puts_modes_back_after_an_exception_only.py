"""
task: predict
says: KeyboardInterrupt came from the model
says: put them back in finally
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            out = model(x)
    except Exception:
        for m, t in modes:
            m.training = t
        raise
    for m, t in modes:
        m.training = t
    return out
