"""
task: gradient_check
way: backward into the .grad of a copy, forward differences elsewhere refined twice
"""


def gradient_check(f, x):
    at = x.detach().to(torch.float64, copy=True)
    with torch.enable_grad():
        leaf = at.clone().requires_grad_()
        y = f(leaf)
        if y.requires_grad:
            y.backward(inputs=[leaf])
    if leaf.grad is None:
        return False
    for index in np.ndindex(*at.shape):
        values = []
        for step in (-2e-3, -1e-3, 1e-3, 2e-3):
            moved = at.clone()
            moved[index] += step
            values.append(float(f(moved)))
        slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-3
        if not abs(leaf.grad[index].item() - slope) <= 1e-6 + 1e-4 * abs(slope):
            return False
    return True
