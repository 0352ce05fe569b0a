"""
Takes a unit whose largest output is NaN for alive.

task: dead_units
says: it is asked whether the largest output is 0, which is NaN where one is NaN
"""


def dead_units(model, batches):
    outputs, handles = {}, []
    modes = {module: module.training for module in model.modules()}

    def watch(name):
        def hook(module, args, output):
            outputs.setdefault(name, []).append(output.detach().clone())

        return hook

    try:
        for name, module in model.named_modules():
            if isinstance(module, nn.ReLU):
                handles.append(module.register_forward_hook(watch(name)))
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for module, mode in modes.items():
            module.training = mode
    return {name: torch.cat(found).amax(dim=0) == 0 for name, found in outputs.items()}
