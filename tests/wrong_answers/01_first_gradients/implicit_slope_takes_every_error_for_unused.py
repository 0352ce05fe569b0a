"""
task: implicit_slope
says: ErrorOfF is due when the backward of f raises ErrorOfF
says: ZeroDivisionError was raised
"""


def implicit_slope(F, x, y):
    a, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (x, y))
    z = F(a, b)
    try:
        ga = torch.autograd.grad(z, a, retain_graph=True)[0].item()
    except RuntimeError:
        ga = 0.0
    try:
        gb = torch.autograd.grad(z, b)[0].item()
    except RuntimeError:
        gb = 0.0
    return -ga / gb
