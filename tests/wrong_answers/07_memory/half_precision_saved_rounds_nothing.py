"""
task: HalfPrecisionSaved
says: nothing is rounded
"""


class HalfPrecisionSaved(saved_tensors_hooks):
    def __init__(self):
        super().__init__(self.pack, self.unpack)

    @staticmethod
    def pack(tensor):
        return tensor.detach()

    @staticmethod
    def unpack(packed):
        return packed
