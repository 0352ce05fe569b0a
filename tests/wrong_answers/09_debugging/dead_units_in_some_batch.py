"""
Dead in one batch is enough.

task: dead_units
says: the dead units
"""


def dead_units(model, batches):
    dead, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]

    def watch(name):
        def hook(_m, _a, out):
            zero = (out <= 0).all(0)
            dead[name] = dead[name] | zero if name in dead else zero

        return hook

    for name, m in model.named_modules():
        if isinstance(m, nn.ReLU):
            handles.append(m.register_forward_hook(watch(name)))
    try:
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode
    return dead
