"""
task: HalfPrecisionSaved
says: 960 bytes are kept: 2 an element are 240
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.bfloat16).to(tensor.dtype) if tensor.is_floating_point() else tensor
        return kept.detach()

    @staticmethod
    def unpack(packed):
        return packed
