"""
task: implicit_slope
says: F is called with y first: x comes first
"""


def implicit_slope(F, x, y):
    a, b = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (y, x))
    ga, gb = torch.autograd.grad(F(a, b), (a, b), materialize_grads=True)
    return -ga.item() / gb.item()
