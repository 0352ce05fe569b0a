"""
Walks the modules, and lists a shared parameter under both of its names.

task: gradient_flow
says: 2.tied being another name of 0.bias
"""


def gradient_flow(model, x, y, loss_fn):
    params = {
        f"{module}.{name}".lstrip("."): p
        for module, m in model.named_modules()
        for name, p in m.named_parameters(recurse=False)
        if p.requires_grad
    }
    loss = loss_fn(model(x), y)
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients, strict=True):
        g = 0.0 if gradient is None else gradient.norm().item()
        n = p.norm().item()
        flows[name] = Flow(g, n, 0.0 if not g else g / n if n else math.inf)
    return flows
