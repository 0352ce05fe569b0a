"""
task: HalfPrecisionSaved
says: in a second backward, after one with retain_graph=True, it raises IndexError
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        kept = tensor.to(torch.bfloat16) if tensor.is_floating_point() else tensor
        return [kept.detach(), tensor.dtype]

    @staticmethod
    def unpack(packed):
        dtype = packed.pop()
        return packed.pop().to(dtype)
