"""
task: HalfPrecisionSaved
says: is still alive when nobody but the graph can hold it
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        return kept.detach(), tensor.detach()

    @staticmethod
    def unpack(packed):
        kept, original = packed
        return kept.to(original.dtype)
