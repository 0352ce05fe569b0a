"""
Tuples without names.

task: gradient_flow
says: make it a Flow
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = 0.0 if g is None else g.norm().item()
        w = p.norm().item()
        flows[name] = (g, w, g / w if w else math.inf if g else 0.0)
    return flows
