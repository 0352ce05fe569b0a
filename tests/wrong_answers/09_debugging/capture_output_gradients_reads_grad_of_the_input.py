"""
task: capture_output_gradients
says: it is added to an older gradient in x.grad
"""


def capture_output_gradients(
    model: nn.Module, names: Sequence[str], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> dict[str, Tensor]:
    modules = dict(model.named_modules())
    chosen = {name: modules[name] for name in names}
    outputs: dict[str, Tensor] = {}

    def catcher(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, args: Any, output: Tensor) -> None:
            output.retain_grad()
            outputs[name] = output

        return hook

    handles = []
    try:
        for name, module in chosen.items():
            handles.append(module.register_forward_hook(catcher(name)))
        loss = loss_fn(model(x))
    finally:
        for handle in handles:
            handle.remove()
    # inputs=: nothing is accumulated in the parameters
    loss.backward(inputs=list(outputs.values()))
    return {name: outputs[name].grad.clone() for name in names}
