"""
task: gradient_flow
way: backward on a copy, and Python's ZeroDivisionError
"""


def gradient_flow(model, x, y, loss_fn):
    import copy

    twin = copy.deepcopy(model)
    for p in twin.parameters():
        p.grad = None
    loss_fn(twin(x.detach()), y).backward()

    def flow(p):
        up = 0.0 if p.grad is None else p.grad.norm().item()
        down = p.detach().norm().item()
        try:
            return Flow(up, down, up / down)
        except ZeroDivisionError:
            return Flow(up, down, math.inf if up > 0 else 0.0)

    return {n: flow(p) for n, p in twin.named_parameters() if p.requires_grad}
