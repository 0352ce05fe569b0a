"""
task: HalfPrecisionSaved
way: keeps the copy on the CPU
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        def pack(t):
            real = t.dtype.is_floating_point
            kept = t.to("cpu", torch.bfloat16 if real else t.dtype, copy=True)
            return kept, t.device, t.dtype

        def unpack(packed):
            kept, device, dtype = packed
            return kept.to(device, dtype)

        super().__init__(pack, unpack)
