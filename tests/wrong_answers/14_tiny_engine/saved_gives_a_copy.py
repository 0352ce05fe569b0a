"""
task: Saved
says: unpack gives another node than the one that was saved
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.count = node.version.count

    def unpack(self):
        if self.node.version.count != self.count:
            raise RuntimeError(f"modified: {self.count}, {self.node.version.count}")
        return Node(self.node.data, self.node.requires_grad, version=self.node.version)
