"""
task: rotation
says: the matrix is cut from the graph (requires_grad is False)
"""

import math


def rotation(angle):
    a = angle.item()
    rows = [[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]
    return torch.tensor(rows, dtype=angle.dtype, device=angle.device)
