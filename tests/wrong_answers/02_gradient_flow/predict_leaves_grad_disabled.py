"""
task: predict
says: grad mode was True and is now False
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        torch.set_grad_enabled(False)
        return model(x)
    finally:
        for module, mode in modes:
            module.training = mode
