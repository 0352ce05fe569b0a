"""
task: slope
way: forward mode: a tangent of 1 is pushed through f
"""

import torch.autograd.forward_ad as fwd


def slope(f, x):
    with fwd.dual_level():
        at = fwd.make_dual(
            torch.tensor(x, dtype=torch.float64), torch.tensor(1.0, dtype=torch.float64)
        )
        return fwd.unpack_dual(f(at)).tangent.item()
