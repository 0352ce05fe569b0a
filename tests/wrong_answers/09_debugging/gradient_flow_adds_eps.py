"""
A small number keeps the division from failing.

task: gradient_flow
says: 1e-08 keeps the parameter's norm off 0
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = 0.0 if g is None else g.norm().item()
        p = p.norm().item()
        flows[name] = Flow(g, p, g / (p + 1e-8))
    return flows
