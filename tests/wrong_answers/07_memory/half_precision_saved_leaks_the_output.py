"""
task: HalfPrecisionSaved
says: y = exp(x) in torch.bfloat16 saves its output y, and y is alive after `del y`
says: t.to(t.dtype) is t
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        return kept, tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
