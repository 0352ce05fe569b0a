"""
task: HalfPrecisionSaved
says: y = exp(x) in torch.complex128
says: the graph holds itself
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        if tensor.is_floating_point():
            return tensor.detach().to(torch.bfloat16), tensor.dtype
        return tensor, tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
