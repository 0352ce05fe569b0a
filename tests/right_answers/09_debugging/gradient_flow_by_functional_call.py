"""
task: gradient_flow
way: torch.func.grad of a functional_call
"""


def gradient_flow(model, x, y, loss_fn):
    from torch.func import functional_call, grad

    params = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    gradients = grad(lambda given: loss_fn(functional_call(model, given, (x,)), y))(params)
    flows = {}
    for name, p in params.items():
        up, down = gradients[name].norm().item(), p.norm().item()
        flows[name] = Flow(up, down, up / down if down else math.inf if up else 0.0)
    return flows
