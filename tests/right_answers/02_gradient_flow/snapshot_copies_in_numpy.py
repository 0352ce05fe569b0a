"""
task: snapshot
way: NumPy makes the copy
"""


def snapshot(t):
    import numpy as np

    t = t.detach().cpu()
    return np.array((t.to(torch.float32) if t.dtype is torch.bfloat16 else t).numpy())
