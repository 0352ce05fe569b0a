"""
task: Saved
says: RuntimeError is due when one of two saved nodes was changed
"""


class Saved:
    counts = {}

    def __init__(self, node):
        self.node = node
        self.counts[node] = node.version.count

    def unpack(self):
        if self.node.version.count != self.counts[self.node]:
            raise RuntimeError(f"modified: {self.counts[self.node]}, {self.node.version.count}")
        return self.node
