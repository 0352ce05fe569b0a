"""
task: Saved
says: RuntimeError is due when
says: AssertionError was raised
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.count = node.version.count

    def unpack(self):
        assert self.node.version.count == self.count, "modified by an inplace operation"
        return self.node
