"""
task: capture_output_gradients
way: edges in the graph, each asked for by itself
"""

from torch.autograd.graph import get_gradient_edge


def capture_output_gradients(
    model: nn.Module, names: Sequence[str], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> dict[str, Tensor]:
    # The place in the graph is noted, not the tensor.
    modules = dict(model.named_modules())
    for name in names:
        if name not in modules:
            raise KeyError(name)
    edges: dict[str, Any] = {}
    handles = []
    try:
        for name in names:

            def note(module: nn.Module, args: Any, output: Tensor, name: str = name) -> None:
                edges[name] = get_gradient_edge(output)

            handles.append(modules[name].register_forward_hook(note))
        loss = loss_fn(model(x.clone()))
    finally:
        while handles:
            handles.pop().remove()
    return {
        name: torch.autograd.grad(loss, [edges[name]], retain_graph=True)[0].detach().clone()
        for name in names
    }
