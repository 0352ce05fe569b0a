"""
task: HalfPrecisionSaved
says: nothing is rounded
"""


class HalfPrecisionSaved(torch.autocast):
    def __init__(self):
        super().__init__("cpu", torch.bfloat16)
