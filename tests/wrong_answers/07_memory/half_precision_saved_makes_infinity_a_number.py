"""
task: HalfPrecisionSaved
says: at 3e5, -7e8, -inf and nan
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        return kept.detach(), tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        tensor = kept.to(dtype)
        return tensor.nan_to_num(nan=float("nan")) if dtype.is_floating_point else tensor
