"""
task: HalfPrecisionSaved
says: a complex tensor loses its imaginary part
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        floating = tensor.is_floating_point() or tensor.is_complex()
        kept = (
            tensor.real.to(torch.bfloat16)
            if tensor.is_complex()
            else (tensor.to(torch.bfloat16) if floating else tensor)
        )
        return kept.detach(), tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        return kept.to(dtype)
