"""
task: HalfPrecisionSaved
way: what is kept is a callable, and unpack calls it
"""

import functools


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(HalfPrecisionSaved.pack, HalfPrecisionSaved.unpack)

    @staticmethod
    def pack(tensor):
        if tensor.dtype.is_floating_point:
            half = tensor.detach().to(torch.bfloat16, copy=True)
            return functools.partial(half.to, device=tensor.device, dtype=tensor.dtype)
        return tensor.detach().detach

    @staticmethod
    def unpack(packed):
        return packed()
