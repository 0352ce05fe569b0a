"""
task: Saved
says: nothing was raised: compare the count with the one at the saving
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.version = node.version

    def unpack(self):
        if self.node.version.count != self.version.count:
            raise RuntimeError(f"modified: {self.version.count}, {self.node.version.count}")
        return self.node
