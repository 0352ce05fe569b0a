"""
task: intermediate_grads
way: cuts the graph between the layers and carries the gradient back over each cut by hand.
"""


def intermediate_grads(
    layers: Iterable[nn.Module], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> list[Tensor]:
    pairs: list[tuple[Tensor, Tensor]] = []
    value = x.detach()
    with torch.enable_grad():
        for layer in layers:
            entry = value.clone().requires_grad_()
            exit_ = layer(entry)
            pairs.append((entry, exit_))
            value = exit_.detach()
        top = value.clone().requires_grad_()
        (grad,) = torch.autograd.grad(loss_fn(top), top)
    found = [grad]
    for entry, exit_ in reversed(pairs[1:]):
        (grad,) = torch.autograd.grad(exit_, entry, grad)
        found.insert(0, grad)
    return found
