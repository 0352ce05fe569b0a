"""
task: implicit_slope
says: ZeroDivisionError is due when F ignores y, so that ∂F/∂y is 0, and None is autograd's word for that; RuntimeError was raised
says: appears to not have been used in the graph
"""


def implicit_slope(F, x, y):
    at = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (x, y)]
    by_x, by_y = torch.autograd.grad(F(*at), at)
    return -by_x.item() / by_y.item()
