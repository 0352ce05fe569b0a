"""
task: Saved
says: RuntimeError is due when a second node of the array counted a change
"""


class Saved:
    def __init__(self, node):
        self.node = node
        self.values = node.data.copy()
        self.count = node.version.count

    def unpack(self):
        if not np.array_equal(self.node.data, self.values):
            raise RuntimeError(f"modified: {self.count}, {self.node.version.count}")
        return self.node
