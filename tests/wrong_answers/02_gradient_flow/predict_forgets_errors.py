"""
task: predict
says: the model raised, and the modes are
says: also when an error passes through
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        output = model(x)
    for module, mode in modes:
        module.training = mode
    return output
