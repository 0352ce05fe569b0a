"""
A unit whose outputs are faint counts as dead.

task: dead_units
says: a faint output counts as 0
"""


def dead_units(model, batches):
    alive = {}

    def watch(name):
        def hook(module, args, output):
            active = ~torch.isclose(output, torch.zeros_like(output)).all(dim=0)
            alive[name] = active | alive[name] if name in alive else active

        return hook

    modes = {module: module.training for module in model.modules()}
    relus = {name: m for name, m in model.named_modules() if isinstance(m, nn.ReLU)}
    handles = [module.register_forward_hook(watch(name)) for name, module in relus.items()]
    try:
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes.items():
            module.training = mode
    return {name: ~active for name, active in alive.items()}
