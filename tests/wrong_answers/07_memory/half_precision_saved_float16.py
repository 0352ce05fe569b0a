"""
task: HalfPrecisionSaved
says: what is saved is rounded to float16
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.float16) if tensor.is_floating_point() else tensor
        return kept.detach(), tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
