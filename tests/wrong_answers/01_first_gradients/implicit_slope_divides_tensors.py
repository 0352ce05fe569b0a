"""
task: implicit_slope
says: ZeroDivisionError is due when ∂F/∂y is 0
says: dividing tensors gives inf
"""


def implicit_slope(F, x, y):
    at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y)]
    by_x, by_y = torch.autograd.grad(F(*at), at, materialize_grads=True)
    return (-by_x / by_y).item()
