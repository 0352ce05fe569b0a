"""
Writes into grad and clears it.

task: gradient_flow
says: .grad of the parameter
"""


def gradient_flow(model, x, y, loss_fn):
    model.zero_grad()
    loss_fn(model(x), y).backward()
    flows = {}
    for name, p in model.named_parameters():
        if p.requires_grad:
            g = 0.0 if p.grad is None else p.grad.norm().item()
            w = p.norm().item()
            flows[name] = Flow(g, w, g / w if w else math.inf if g else 0.0)
    model.zero_grad()
    return flows
