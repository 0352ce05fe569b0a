"""
task: HalfPrecisionSaved
says: a complex tensor is rounded too
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        if tensor.is_complex():
            r = torch.view_as_real(tensor).to(torch.bfloat16)
            return r.detach(), tensor.dtype
        return (
            tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        ).detach(), tensor.dtype

    @staticmethod
    def unpack(packed):
        kept, dtype = packed
        if dtype.is_complex:
            return torch.view_as_complex(kept.double()).to(dtype)
        return kept.to(dtype)
