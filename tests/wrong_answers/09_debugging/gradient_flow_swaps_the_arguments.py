"""
Gives loss_fn its arguments the other way round.

task: gradient_flow
says: loss_fn gets y first
"""


def gradient_flow(model, x, y, loss_fn):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = loss_fn(y, model(x))
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients, strict=True):
        g = 0.0 if gradient is None else gradient.norm().item()
        n = p.norm().item()
        flows[name] = Flow(g, n, 0.0 if not g else g / n if n else math.inf)
    return flows
