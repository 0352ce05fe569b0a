"""
task: Saved
says: unpack is called again after it has raised
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.count = node.version.count

    def unpack(self):
        before, self.count = self.count, self.node.version.count
        if before != self.count:
            raise RuntimeError(f"modified: {before}, {self.count}")
        return self.node
