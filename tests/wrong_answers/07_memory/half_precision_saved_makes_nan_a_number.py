"""
task: HalfPrecisionSaved
says: at 3e5, -7e8, -inf and nan
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(t):
        kept = t.nan_to_num().to(torch.bfloat16) if t.is_floating_point() else t
        return kept.detach(), t.dtype

    @staticmethod
    def unpack(p):
        return p[0].to(p[1])
