"""
Asks the result of f whether it records, which a constant of f makes it too.

task: partials
says: given an f that ignores y, and uses a tensor that records, it raises RuntimeError
"""


def partials(f, x, y):
    results = []
    for place in (0, 1):
        inputs = [x.detach(), y.detach()]
        leaf = inputs[place].requires_grad_()
        value = f(*inputs)
        used = value.requires_grad
        results.append(torch.autograd.grad(value, leaf)[0] if used else torch.zeros_like(leaf))
    return tuple(result.detach() for result in results)
