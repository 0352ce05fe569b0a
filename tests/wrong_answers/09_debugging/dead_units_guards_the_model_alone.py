"""
Only errors of the model are thought of, not those of the batches.

task: dead_units
says: before the call and is
"""


def dead_units(model, batches):
    alive, handles = {}, []
    modes = [(m, m.training) for m in model.modules()]

    def watch(name):
        def hook(_m, _a, out):
            alive[name] = alive.get(name, False) | (out > 0).any(0)

        return hook

    def restore():
        for h in handles:
            h.remove()
        for m, mode in modes:
            m.training = mode

    for name, m in model.named_modules():
        if isinstance(m, nn.ReLU):
            handles.append(m.register_forward_hook(watch(name)))
    model.eval()
    for x in batches:
        try:
            with torch.no_grad():
                model(x)
        except Exception:
            restore()
            raise
    restore()
    return {n: ~a for n, a in alive.items()}
