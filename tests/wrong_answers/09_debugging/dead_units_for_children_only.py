"""
Looks at direct children alone.

task: dead_units
says: yours lacks the key 'inner.act'
"""


def dead_units(model, batches):
    alive, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]

    def watch(name):
        def hook(_m, _a, out):
            alive[name] = alive.get(name, False) | (out > 0).any(0)

        return hook

    for name, m in model.named_children():
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
    return {n: ~a for n, a in alive.items()}
