"""
Parameter over gradient.

task: gradient_flow
says: the ratio is upside down
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = 0.0 if g is None else g.norm().item()
        w = p.norm().item()
        flows[name] = Flow(g, w, w / g if g else math.inf)
    return flows
