"""
task: predict
way: grad mode by hand, put back in finally
"""


def predict(model, x):
    names = {name: m.training for name, m in model.named_modules()}
    was = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        for module in model.modules():
            module.training = False
        return model(x)
    finally:
        torch.set_grad_enabled(was)
        for name, module in model.named_modules():
            module.training = names[name]
