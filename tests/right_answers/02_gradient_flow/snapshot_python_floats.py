"""
task: snapshot
way: takes the values out as Python floats, one after another, and shapes them anew.
"""

import numpy as np


def snapshot(t: Tensor) -> NDArray[Any]:
    dtype = {torch.bfloat16: np.float32, torch.float16: np.float16, torch.float64: np.float64}.get(
        t.dtype, np.float32
    )
    dense = t.detach() if t.layout == torch.strided else t.detach().to_dense()
    return np.fromiter(dense.flatten().tolist(), dtype=dtype, count=dense.numel()).reshape(
        tuple(t.shape)
    )
