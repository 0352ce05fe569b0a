"""
task: tangent_line
says: given eˣ + 2x at the int 0, it raises RuntimeError: only Tensors of floating point
"""

import numpy as np


def tangent_line(f, x0):
    at = torch.from_numpy(np.asarray(x0)).requires_grad_()
    height = f(at)
    (rise,) = torch.autograd.grad(height, at)
    return rise.item(), height.item() - rise.item() * x0
