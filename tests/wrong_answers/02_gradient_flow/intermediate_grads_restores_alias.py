"""
Saves and restores `.grad` of the parameters by reference, and backward has added into that very tensor.

task: intermediate_grads
says: .grad of the parameter '0.weight'
"""


def intermediate_grads(
    layers: Iterable[nn.Module], x: Tensor, loss_fn: Callable[[Tensor], Tensor]
) -> list[Tensor]:
    layers = list(layers)
    params = [p for layer in layers for p in layer.parameters()]
    before = [p.grad for p in params]
    h = x.detach().clone().requires_grad_()
    outs: list[Tensor] = []
    for layer in layers:
        h = layer(h)
        h.retain_grad()
        outs.append(h)
    loss_fn(h).backward()
    grads = [o.grad for o in outs]
    for p, g in zip(params, before):
        p.grad = g
    return grads
