"""
The hooks stay.

task: dead_units
says: the number of hooks of the module 'inner.act'
"""


def dead_units(model, batches):
    alive = {}
    modes = [(m, m.training) for m in model.modules()]

    def watch(name):
        def hook(_m, _a, out):
            alive[name] = alive.get(name, False) | (out > 0).any(0)

        return hook

    for name, m in model.named_modules():
        if isinstance(m, nn.ReLU):
            m.register_forward_hook(watch(name))
    try:
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for m, mode in modes:
            m.training = mode
    return {n: ~a for n, a in alive.items()}
