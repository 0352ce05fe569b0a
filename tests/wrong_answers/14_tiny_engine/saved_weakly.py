"""
task: Saved
says: where nobody else has the node, unpack gives None
"""


class Saved:
    def __init__(self, node):
        self.node = weakref.ref(node)
        self.count = node.version.count

    def unpack(self):
        node = self.node()
        if node is not None and node.version.count != self.count:
            raise RuntimeError(f"modified: {self.count}, {node.version.count}")
        return node
