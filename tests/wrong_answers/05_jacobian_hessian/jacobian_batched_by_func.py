"""
task: jacobian_batched
says: calls torch.func.jacrev, which this task asks to do without: give torch.autograd.grad a batch
"""

import torch.func as F


def jacobian_batched(f, x):
    return F.jacrev(f)(x.detach()).detach()
