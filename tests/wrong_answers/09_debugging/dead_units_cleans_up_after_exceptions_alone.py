"""
Cleans up under "except Exception", which Ctrl-C is not.

task: dead_units
says: training of the model was True before the call
"""


def dead_units(model, batches):
    alive = {}

    def watch(name):
        def hook(module, args, output):
            active = (output > 0).any(dim=0)
            alive[name] = active | alive[name] if name in alive else active

        return hook

    modes = {module: module.training for module in model.modules()}
    relus = {name: m for name, m in model.named_modules() if isinstance(m, nn.ReLU)}
    handles = [module.register_forward_hook(watch(name)) for name, module in relus.items()]

    def clean():
        for handle in handles:
            handle.remove()
        for module, mode in modes.items():
            module.training = mode

    model.eval()
    try:
        with torch.no_grad():
            for x in batches:
                model(x)
    except Exception:
        clean()
        raise
    clean()
    return {name: ~active for name, active in alive.items()}
