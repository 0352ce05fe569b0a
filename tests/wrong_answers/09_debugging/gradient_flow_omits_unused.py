"""
An unused parameter is missing.

task: gradient_flow
says: yours lacks the key 'spare'
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        if g is not None:
            g, w = g.norm().item(), p.norm().item()
            flows[name] = Flow(g, w, g / w if w else math.inf if g else 0.0)
    return flows
