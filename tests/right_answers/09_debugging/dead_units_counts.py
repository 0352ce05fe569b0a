"""
task: dead_units
way: counts active samples, in an ExitStack
"""


def dead_units(model, batches):
    from contextlib import ExitStack

    counts = {}
    with ExitStack() as stack:
        for m in model.modules():
            stack.callback(setattr, m, "training", m.training)
        for name, m in model.named_modules():
            if isinstance(m, nn.ReLU):

                def hook(module, args, output, name=name):
                    counts[name] = counts.get(name, 0) + (output.detach() > 0).sum(dim=0)

                stack.callback(m.register_forward_hook(hook).remove)
        model.eval()
        for x in batches:
            with torch.no_grad():
                model(x)
    return {name: count == 0 for name, count in counts.items()}
