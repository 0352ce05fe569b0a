"""
task: Saved
says: let it name 22 too
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.count = node.version.count

    def unpack(self):
        if self.node.version.count != self.count:
            raise RuntimeError(f"modified by an inplace operation, expected version {self.count}")
        return self.node
