"""
task: implicit_slope
says: given an F that ignores x, and whose constant records, it raises RuntimeError
says: appears to not have been used in the graph
"""


def implicit_slope(F, x, y):
    a, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y))
    (by_y,) = torch.autograd.grad(F(a, b), b, materialize_grads=True)
    (by_x,) = torch.autograd.grad(F(a, b), a)
    return -by_x.item() / by_y.item()
