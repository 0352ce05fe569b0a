"""
task: HalfPrecisionSaved
says: int64 indices must come back as they were, it raises IndexError
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        return tensor.to(torch.bfloat16), tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
