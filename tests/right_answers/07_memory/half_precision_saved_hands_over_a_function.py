"""
task: HalfPrecisionSaved
way: copies into an empty tensor; keeps all others in a function
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        saved_tensors_hooks.__init__(self, HalfPrecisionSaved.pack, HalfPrecisionSaved.unpack)

    @staticmethod
    def pack(tensor):
        t = tensor.detach()
        if t.is_complex() or not t.dtype.is_floating_point or t.dtype == torch.bfloat16:
            return lambda: t
        small = torch.empty_like(t, dtype=torch.bfloat16).copy_(t)
        dtype = t.dtype
        del t
        return small, dtype

    @staticmethod
    def unpack(packed):
        if callable(packed):
            return packed()
        small, dtype = packed
        return torch.empty_like(small, dtype=dtype).copy_(small)
