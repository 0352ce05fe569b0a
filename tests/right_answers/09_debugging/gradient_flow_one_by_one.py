"""
task: gradient_flow
way: one parameter at a time, in float64
"""


def gradient_flow(
    model: nn.Module, x: Tensor, y: Tensor, loss_fn: Callable[[Tensor, Tensor], Tensor]
) -> dict[str, Flow]:
    loss = loss_fn(model(x.clone()), y)
    flows = {}
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        (g,) = torch.autograd.grad(loss, p, retain_graph=True, materialize_grads=True)
        top = torch.linalg.vector_norm(g.detach(), dtype=torch.float64).item()
        bottom = torch.linalg.vector_norm(p.detach(), dtype=torch.float64).item()
        try:
            ratio = top / bottom
        except ZeroDivisionError:
            ratio = 0.0 if top == 0 else math.inf
        flows[name] = Flow(grad_norm=top, param_norm=bottom, ratio=ratio)
    return flows
