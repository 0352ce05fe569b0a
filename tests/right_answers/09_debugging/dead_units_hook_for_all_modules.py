"""
task: dead_units
way: one hook for all modules, and counts
"""


def dead_units(model: nn.Module, batches: Iterable[Tensor]) -> dict[str, Tensor]:
    # One hook for all modules, and counts in place of a mask.
    names = {id(m): name for name, m in model.named_modules() if type(m) is nn.ReLU}
    counts: dict[int, Tensor] = {}

    def count(module: nn.Module, args: Any, output: Tensor) -> None:
        if id(module) in names:
            active = output.detach().gt(0).sum(dim=0)
            counts[id(module)] = counts.get(id(module), 0) + active

    modes = {module: module.training for module in model.modules()}
    handle = nn.modules.module.register_module_forward_hook(count)
    try:
        model.eval()
        for batch in batches:
            model(batch.detach().clone())
    finally:
        handle.remove()
        for module, mode in modes.items():
            module.training = mode
    return {names[key]: counts[key] == 0 for key in names}
