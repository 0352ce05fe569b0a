"""
task: implicit_slope
says: given the circle at (-4, 3), where x is a Python int, it raises RuntimeError
says: only Tensors of floating point
"""

import numpy as np


def implicit_slope(F, x, y):
    at = torch.from_numpy(np.asarray([x, y])).requires_grad_()
    by_x, by_y = torch.autograd.grad(F(*at), at)[0].tolist()
    return -by_x / by_y
