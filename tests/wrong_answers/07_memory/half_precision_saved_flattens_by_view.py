"""
task: HalfPrecisionSaved
says: view size is not compatible
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(t):
        kept = t.detach().to(torch.bfloat16).view(-1) if t.is_floating_point() else t.detach()
        return kept, t.shape, t.dtype

    @staticmethod
    def unpack(p):
        return p[0].view(p[1]).to(p[2])
