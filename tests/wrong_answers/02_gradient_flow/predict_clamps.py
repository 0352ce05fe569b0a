"""
task: predict
says: the output for an x with 1e6
"""


def predict(model, x):
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return model(x).clamp(-1000.0, 1000.0)
    finally:
        for module, training in modes:
            module.training = training
