"""
task: partials
way: one argument records at a time; a list comes back
"""


def partials(f, x, y):
    x, y = x.detach(), y.detach()
    results = []
    for place in (0, 1):
        inputs = [x.clone(), y.clone()]
        leaf = inputs[place].requires_grad_()
        value = f(*inputs)
        if value.requires_grad:
            value.backward(inputs=[leaf])
        results.append(torch.zeros_like(leaf) if leaf.grad is None else leaf.grad)
    return results
