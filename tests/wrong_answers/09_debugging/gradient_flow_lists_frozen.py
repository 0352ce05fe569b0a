"""
A frozen parameter is listed with a gradient of 0.

task: gradient_flow
says: has the key '2.weight', which is not due
"""


def gradient_flow(model, x, y, loss_fn):
    params = dict(model.named_parameters())
    asked = [p for p in params.values() if p.requires_grad]
    grads = dict(zip(asked, torch.autograd.grad(loss_fn(model(x), y), asked, allow_unused=True)))
    flows = {}
    for name, p in params.items():
        g = grads.get(p)
        g = 0.0 if g is None else g.norm().item()
        w = p.norm().item()
        flows[name] = Flow(g, w, g / w if w else math.inf if g else 0.0)
    return flows
