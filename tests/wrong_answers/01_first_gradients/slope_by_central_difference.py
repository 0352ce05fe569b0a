"""
task: slope
says: f is measured, at two nearby points or at a complex one, and autograd is not asked
"""


def slope(f, x):
    at = torch.tensor(float(x), dtype=torch.float64)
    step = 1e-4
    steps = [f(at + k * step).item() for k in (-2, -1, 1, 2)]
    return (steps[0] - 8 * steps[1] + 8 * steps[2] - steps[3]) / (12 * step)
