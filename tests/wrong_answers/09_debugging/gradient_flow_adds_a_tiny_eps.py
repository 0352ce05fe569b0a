"""
A number so small that only tiny parameters tell.

task: gradient_flow
says: whose norm is divided by as it is
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = 0.0 if g is None else g.norm().item()
        p = p.norm().item()
        ratio = (math.inf if g else 0.0) if p == 0 else g / (p + 1e-20)
        flows[name] = Flow(g, p, ratio)
    return flows
