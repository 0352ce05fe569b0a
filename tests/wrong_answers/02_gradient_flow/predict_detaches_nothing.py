"""
task: predict
says: has a graph
"""


def predict(model, x):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        return model(x)
    finally:
        for module, mode in modes:
            module.training = mode
