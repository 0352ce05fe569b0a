"""
task: dead_units
way: keeps the outputs, and looks at them at the end
"""


def dead_units(model, batches):
    from functools import partial

    outputs = {n: [] for n, m in model.named_modules() if isinstance(m, nn.ReLU)}
    modes = {n: m.training for n, m in model.named_modules()}
    handles = []

    def keep(name, module, args, output):
        outputs[name].append(output.detach().clone())

    try:
        for name in outputs:
            handles.append(model.get_submodule(name).register_forward_hook(partial(keep, name)))
        for m in model.modules():
            m.training = False
        for x in batches:
            model(x)
    finally:
        for handle in handles:
            handle.remove()
        for name, m in model.named_modules():
            m.training = modes[name]
    return {n: ~(torch.cat(outs) > 0).any(0) for n, outs in outputs.items()}
