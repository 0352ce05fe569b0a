"""
task: HalfPrecisionSaved
way: a generator with contextlib.contextmanager
"""

import contextlib


@contextlib.contextmanager
def HalfPrecisionSaved():
    def pack(t):
        if not t.is_floating_point():
            return t.detach()
        return t.dtype, t.detach().bfloat16()

    def unpack(packed):
        if isinstance(packed, Tensor):
            return packed
        dtype, half = packed
        return half.to(dtype)

    with saved_tensors_hooks(pack, unpack):
        yield
