"""
task: mean_loss
way: NumPy's fromiter on a generator expression
"""


def mean_loss(losses):
    import numpy as np

    a = np.fromiter((loss.item() for loss in losses), dtype=np.float64)
    if a.size == 0:
        raise ValueError("no losses")
    return float(a.mean())
