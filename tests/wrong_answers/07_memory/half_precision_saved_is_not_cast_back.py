"""
task: HalfPrecisionSaved
says: in the backward of a matrix product in torch.float64, it raises RuntimeError
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        return (tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor).detach()

    @staticmethod
    def unpack(packed):
        return packed
