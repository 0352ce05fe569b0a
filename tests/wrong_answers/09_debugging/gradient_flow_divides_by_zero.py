"""
Python's division.

task: gradient_flow
says: with a parameter of zeros, it raises ZeroDivisionError
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = 0.0 if g is None else g.norm().item()
        flows[name] = Flow(g, p.norm().item(), g / p.norm().item())
    return flows
