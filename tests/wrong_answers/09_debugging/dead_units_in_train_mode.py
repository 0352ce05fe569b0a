"""
The model runs in whatever mode it is in.

task: dead_units
says: the model runs in train mode
"""


def dead_units(model, batches):
    alive, handles = {}, []

    def watch(name):
        def hook(_m, _a, out):
            alive[name] = alive.get(name, False) | (out > 0).any(0)

        return hook

    for name, m in model.named_modules():
        if isinstance(m, nn.ReLU):
            handles.append(m.register_forward_hook(watch(name)))
    try:
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for h in handles:
            h.remove()
    return {n: ~a for n, a in alive.items()}
