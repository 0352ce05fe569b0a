"""
task: rotation
says: the matrix is a new leaf, and was not computed from angle by torch
"""

import math


def rotation(angle):
    a = angle.item()
    rows = [[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]
    return torch.tensor(
        rows, dtype=angle.dtype, device=angle.device, requires_grad=angle.requires_grad
    )
