"""
task: implicit_slope
says: The two agree to the precision of float32
"""


def implicit_slope(F, x, y):
    at = [torch.tensor(value, dtype=torch.float32, requires_grad=True) for value in (x, y)]
    by_x, by_y = torch.autograd.grad(F(*at), at, materialize_grads=True)
    return -by_x.item() / by_y.item()
