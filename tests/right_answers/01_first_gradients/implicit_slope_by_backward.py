"""
task: implicit_slope
way: .backward(), and an error of its own
"""


def implicit_slope(F, x, y):
    a = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(y, dtype=torch.float64, requires_grad=True)
    F(a, b).backward()
    if b.grad is None or b.grad == 0:
        raise ZeroDivisionError(f"the curve is upright at ({x}, {y})")
    return 0.0 if a.grad is None else float(-a.grad / b.grad)
