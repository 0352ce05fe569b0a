"""
task: predict
says: was False before the call and is True after it
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    torch.set_grad_enabled(False)
    try:
        return model(x)
    finally:
        torch.set_grad_enabled(True)
        for module, mode in modes:
            module.training = mode
