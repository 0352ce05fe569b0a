"""
Compares the gradient's norm with 1e-12.

task: gradient_flow
says: a small gradient is taken for none
"""


def gradient_flow(model, x, y, loss_fn):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    loss = loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients, strict=True):
        g = 0.0 if gradient is None else gradient.norm().item()
        n = p.norm().item()
        flows[name] = Flow(g, n, g / n if n else math.inf if g > 1e-12 else 0.0)
    return flows
