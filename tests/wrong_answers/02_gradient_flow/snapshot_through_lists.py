"""
task: snapshot
says: yours is float64, float32 is due
"""


def snapshot(t):
    import numpy as np

    return np.array(t.detach().tolist())
