"""
task: HalfPrecisionSaved
says: a parameter is kept as it is
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(t):
        kept = (
            t.to(torch.bfloat16) if t.is_floating_point() and not isinstance(t, nn.Parameter) else t
        )
        return kept.detach(), t.dtype

    @staticmethod
    def unpack(p):
        return p[0].to(p[1])
