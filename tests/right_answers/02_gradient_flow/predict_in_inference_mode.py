"""
task: predict
way: inference mode, the modes in a dict
"""


def predict(model, x):
    modes = {module: module.training for module in model.modules()}
    try:
        with torch.inference_mode():
            return model.eval()(x)
    finally:
        for module, mode in modes.items():
            module.training = mode
