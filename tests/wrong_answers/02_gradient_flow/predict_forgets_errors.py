"""
task: predict
says: LookupError came from the model, and the modes are
says: put them back in finally
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        output = model(x)
    for module, mode in modes:
        module.training = mode
    return output
