"""
Calls fn inside the try, and takes an error about an edit there for one of backward.

task: breaks_backward
says: fn itself raises it
"""

import torch
from torch import Tensor


def breaks_backward(fn, x):
    leaf = x.detach().clone().requires_grad_()
    try:
        result = fn(leaf.clone())
        if result.requires_grad:
            torch.autograd.grad(result, leaf, torch.ones_like(result), allow_unused=True)
    except RuntimeError as error:
        if "modified by an inplace operation" in str(error):
            return True
        raise
    return False
