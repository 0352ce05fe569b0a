"""
task: snapshot
way: Python numbers, and the dtype by name
"""


def snapshot(t):
    import numpy as np

    name = str(t.dtype).removeprefix("torch.").replace("bfloat16", "float32")
    return np.array(t.tolist(), dtype=name)
