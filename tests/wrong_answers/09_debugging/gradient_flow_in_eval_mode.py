"""
Measures in eval mode, and puts the modes back.

task: gradient_flow
says: the flow: yours['0.weight'][0]: it differs
"""


def gradient_flow(model, x, y, loss_fn):
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    modes = {module: module.training for module in model.modules()}
    try:
        loss = loss_fn(model.eval()(x), y)
    finally:
        for module, mode in modes.items():
            module.training = mode
    gradients = torch.autograd.grad(loss, list(params.values()), allow_unused=True)
    flows = {}
    for (name, p), gradient in zip(params.items(), gradients):
        up = 0.0 if gradient is None else gradient.norm().item()
        down = p.norm().item()
        flows[name] = Flow(up, down, 0.0 if not up else up / down if down else math.inf)
    return flows
