"""
task: implicit_slope
way: one leaf of two elements
"""


def implicit_slope(F, x, y):
    point = torch.tensor([x, y], dtype=torch.float64, requires_grad=True)
    by_x, by_y = torch.autograd.grad(F(point[0], point[1]), point)[0].tolist()
    return -by_x / by_y
