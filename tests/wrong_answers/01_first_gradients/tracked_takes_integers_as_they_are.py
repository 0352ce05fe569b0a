"""
task: tracked
says: given [3, -1, 2], it raises RuntimeError
says: only Tensors of floating point
"""

import numpy as np


def tracked(values):
    return torch.from_numpy(np.array(values)).requires_grad_()
