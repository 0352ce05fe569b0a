"""
task: Saved
says: saved after 3 changes, it raises RuntimeError
"""


class Saved:
    def __init__(self, node):
        self.node = node

    def unpack(self):
        if self.node.version.count != 0:
            raise RuntimeError(f"modified: expected 0, is {self.node.version.count}")
        return self.node
