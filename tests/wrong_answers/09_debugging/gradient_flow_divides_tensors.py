"""
torch's division: 0 / 0 is NaN.

task: gradient_flow
says: 0 is divided by 0
"""


def gradient_flow(model, x, y, loss_fn):
    params = {n: p for n, p in model.named_parameters() if p.requires_grad}
    grads = torch.autograd.grad(loss_fn(model(x), y), list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), g in zip(params.items(), grads):
        g = torch.zeros_like(p) if g is None else g
        flows[name] = Flow(g.norm().item(), p.norm().item(), (g.norm() / p.norm()).item())
    return flows
