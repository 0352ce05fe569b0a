"""
task: Saved
says: asked a second time
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.count = node.version.count

    def unpack(self):
        if self.node is not None and self.node.version.count != self.count:
            raise RuntimeError(f"modified: {self.count}, {self.node.version.count}")
        node, self.node = self.node, None
        return node
