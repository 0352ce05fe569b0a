"""
Puts .grad back at the end, which an error of the loss does not reach.

task: gradient_flow
says: .grad of the parameter '0.weight'
"""


def gradient_flow(model, x, y, loss_fn):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    aside = {name: p.grad for name, p in params.items()}
    for p in params.values():
        p.grad = None
    loss_fn(model(x.detach()), y).backward()
    flows = {}
    for name, p in params.items():
        g = 0.0 if p.grad is None else p.grad.norm().item()
        n = p.norm().item()
        flows[name] = Flow(g, n, 0.0 if not g else g / n if n else math.inf)
        p.grad = aside[name]
    return flows
