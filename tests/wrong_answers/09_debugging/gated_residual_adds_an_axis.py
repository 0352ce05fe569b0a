"""
Makes a matrix of a vector, and leaves it one.

task: gated_residual
says: yours has shape (1, 3)
"""

import torch
from torch import Tensor


def gated_residual(x: Tensor, w: Tensor) -> Tensor:
    rows = x.reshape(-1, w.shape[0])
    gate = torch.sigmoid(rows.mm(w))
    out = rows + rows * gate
    return out.reshape(*x.shape[:-1], -1) if x.dim() > 1 else out
