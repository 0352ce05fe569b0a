"""
task: gradient_check
way: extrapolates from two steps, and stops at the first element that disagrees
"""


def gradient_check(f, x):
    flat = x.detach().to(torch.float64).reshape(-1)
    with torch.enable_grad():
        leaf = flat.reshape(x.shape).clone().requires_grad_()
        y = f(leaf)
    if not y.requires_grad:
        return False
    (gradient,) = torch.autograd.grad(y, leaf, allow_unused=True)
    if gradient is None:
        return False

    def quotient(k, h):
        values = []
        for step in (h, -h):
            point = flat.clone()
            point[k] += step
            values.append(f(point.reshape(x.shape)).item())
        return (values[0] - values[1]) / (2 * h)

    for k, slope in enumerate(gradient.reshape(-1).tolist()):
        measured = (4 * quotient(k, 5e-5) - quotient(k, 1e-4)) / 3
        if not abs(slope - measured) <= 1e-6 + 1e-4 * abs(measured):
            return False
    return True
