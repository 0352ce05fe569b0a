"""
train() sets every submodule alike.

task: dead_units
says: training of the module '1' was False before the call and is True after it
"""


def dead_units(model, batches):
    alive, handles = {}, []
    mode = model.training

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
        model.train(mode)
    return {n: ~a for n, a in alive.items()}
