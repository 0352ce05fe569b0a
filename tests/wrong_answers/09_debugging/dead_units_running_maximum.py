"""
task: dead_units
says: the largest output is asked, which is NaN where one is
"""


def dead_units(model: nn.Module, batches: Iterable[Tensor]) -> dict[str, Tensor]:
    relus = {name: m for name, m in model.named_modules() if isinstance(m, nn.ReLU)}
    peaks: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, output: Tensor) -> None:
            if len(output) == 0:
                peak = output.new_zeros(output.shape[1:])
            else:
                peak = output.detach().amax(0)
            peaks[name] = torch.maximum(peaks[name], peak) if name in peaks else peak

        return hook

    modes = [(m, m.training) for m in model.modules()]
    handles = []
    try:
        for name, relu in relus.items():
            handles.append(relu.register_forward_hook(watch(name)))
        model.eval()
        with torch.no_grad():
            for x in batches:
                model(x)
    finally:
        for handle in handles:
            handle.remove()
        for m, mode in modes:
            m.training = mode
    return {name: ~(peaks[name] > 0) for name in relus}
