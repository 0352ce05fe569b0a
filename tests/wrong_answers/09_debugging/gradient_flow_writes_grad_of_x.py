"""
Runs backward on a copy of the model, which writes the .grad of an x that requires grad.

task: gradient_flow
says: .grad of an input was None before the call
"""


def gradient_flow(model, x, y, loss_fn):
    import copy

    twin = copy.deepcopy(model)
    twin.zero_grad()
    loss_fn(twin(x), y).backward()
    flows = {}
    for name, p in twin.named_parameters():
        if p.requires_grad:
            up = 0.0 if p.grad is None else p.grad.norm().item()
            down = p.norm().item()
            flows[name] = Flow(up, down, 0.0 if not up else up / down if down else math.inf)
    return flows
