"""
task: predict
way: notes the modes by name, and switches recording off and back by hand
"""


def predict(model, x):
    modes = {name: m.training for name, m in model.named_modules()}
    modules = dict(model.named_modules())
    grad_mode = torch.is_grad_enabled()
    try:
        model.eval()
        torch.set_grad_enabled(False)
        return model(x)
    finally:
        torch.set_grad_enabled(grad_mode)
        for name, m in modules.items():
            m.training = modes[name]
