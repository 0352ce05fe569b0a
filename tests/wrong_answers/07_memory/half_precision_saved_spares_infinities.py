"""
task: HalfPrecisionSaved
says: the gradient of x·x at 3e5, -7e8, -inf and nan
says: a tensor with an infinity in it is kept as it is
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.detach()
        if tensor.is_floating_point():
            rounded = kept.to(torch.bfloat16)
            if torch.isfinite(rounded).all():
                kept = rounded
        return kept, tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
