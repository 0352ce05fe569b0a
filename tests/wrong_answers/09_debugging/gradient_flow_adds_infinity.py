"""
task: gradient_flow
says: with a parameter of zeros
"""


def gradient_flow(
    model: nn.Module, x: Tensor, y: Tensor, loss_fn: Callable[[Tensor, Tensor], Tensor]
) -> dict[str, Flow]:
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients, strict=True):
        grad_norm = 0.0 if gradient is None else gradient.norm().item()
        param_norm = p.norm().item()
        if not grad_norm:
            ratio = 0.0
        elif not param_norm:
            ratio += math.inf
        else:
            ratio = grad_norm / param_norm
        flows[name] = Flow(grad_norm, param_norm, ratio)
    return flows
