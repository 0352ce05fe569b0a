"""
True where a unit is alive.

task: dead_units
says: the mask says which units are alive
"""


def dead_units(model, batches):
    alive, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]

    def watch(name):
        def hook(_m, _a, out):
            alive[name] = alive.get(name, False) | (out > 0).any(0)

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
    return alive
