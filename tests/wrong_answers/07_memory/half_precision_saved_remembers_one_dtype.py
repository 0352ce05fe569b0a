"""
task: HalfPrecisionSaved
says: in the backward of a matrix product in torch.float64, it raises RuntimeError
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        self.dtype = None

        def pack(t):
            if t.is_floating_point():
                self.dtype = t.dtype
                return t.detach().to(torch.bfloat16), True
            return t.detach(), False

        super().__init__(pack, lambda p: p[0].to(self.dtype) if p[1] else p[0])
