"""
task: dead_units
way: an ExitStack removes hooks and puts modes back; the model records
"""


def dead_units(model, batches):
    import contextlib

    modes = [(module, module.training) for module in model.modules()]
    ever = {}

    def watch(name):
        def hook(module, args, output):
            now = output.detach().gt(0).flatten(1).any(0).reshape(output.shape[1:])
            ever[name] = torch.logical_or(ever[name], now) if name in ever else now

        return hook

    with contextlib.ExitStack() as stack:
        for module, mode in modes:
            stack.callback(setattr, module, "training", mode)
        for name, module in model.named_modules():
            if type(module) is nn.ReLU:
                stack.callback(module.register_forward_hook(watch(name)).remove)
        model.eval()
        for batch in batches:
            model(batch)
    return {name: mask.logical_not() for name, mask in ever.items()}
